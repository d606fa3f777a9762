[description]
What AiProxy needs of Jetty: web applications of Jakarta EE 10, HTTP, and the name of its configuration file.

[depend]
http
ee10-deploy

[files]
temp/

[xml]
etc/ai-proxy.xml

[ini-template]
## The gateway's configuration; else the environment's AI_PROXY_CONFIG, else etc/ai-proxy.json.
# ai-proxy.config=etc/ai-proxy.json
