[description]
Jetty hardened for AiProxy: no version and no causes in its answers, bounds on what a client may send and how slowly.

[tags]
server

[depend]
http
min-data-rate

[xml]
etc/ai-proxy-hardened.xml

[ini]
jetty.httpConfig.sendServerVersion?=false
jetty.httpConfig.requestHeaderSize?=16384
jetty.httpConfig.compliance?=RFC9110
# the name of a model may hold a slash, as that of an ARN does
# logback-access decodes every query and writes no line where it cannot, so that a bad query must not fail
jetty.httpConfig.uriCompliance?=DEFAULT,BAD_PERCENT_ENCODING,BAD_UTF8_ENCODING,TRUNCATED_UTF8_ENCODING,AMBIGUOUS_PATH_SEPARATOR
jetty.http.idleTimeout?=75000
jetty.server.default.serveFavIcon?=false
jetty.server.default.showContexts?=false
jetty.minDataRate.minReadRate?=100
jetty.threadPool.maxThreads?=1000
# after a rush, let idle threads go soon and many at a time, not one a minute
jetty.threadPool.idleTimeout?=20000
jetty.threadPool.maxEvictCount?=100
jetty.threadPool.virtual.maxConcurrentTasks?=10000
jetty.threadPool.maxConcurrentTasks?=10000
