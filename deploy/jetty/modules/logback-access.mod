[description]
The access log of AiProxy, written by logback-access: etc/logback-access.xml or etc/logback-access-json.xml.

[tags]
requestlog

[depend]
server

[files]
logs/

[lib]
lib/logback-access/*.jar
lib/jakarta.servlet-api-6.0.0.jar

[xml]
etc/logback-access-requestlog.xml

[ini-template]
## The configuration of logback-access, relative to $JETTY_BASE.
# ai-proxy.access-log=etc/logback-access.xml
