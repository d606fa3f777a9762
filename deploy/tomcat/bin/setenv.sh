#!/bin/sh
# Read by catalina.sh at each start. Everything here can be overridden from the environment.

# The gateway's configuration.
: "${AI_PROXY_CONFIG:=$CATALINA_BASE/conf/ai-proxy.json}"
export AI_PROXY_CONFIG

# Virtual threads where the JDK has them without pinning on locks: 21 and later.
if [ -z "$AI_PROXY_VIRTUAL_THREADS" ]; then
  java_home="${JRE_HOME:-$JAVA_HOME}"
  java_version=$("${java_home:+$java_home/bin/}java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
  if [ "${java_version:-0}" -ge 21 ]; then
    AI_PROXY_VIRTUAL_THREADS=true
  else
    AI_PROXY_VIRTUAL_THREADS=false
  fi
fi

# A Tomcat that cannot listen on its port ends.
CATALINA_OPTS="$CATALINA_OPTS -Dai-proxy.virtual-threads=$AI_PROXY_VIRTUAL_THREADS -Dorg.apache.catalina.startup.EXIT_ON_INIT_FAILURE=true -XX:+ExitOnOutOfMemoryError"
