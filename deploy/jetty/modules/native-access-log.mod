[description]
The access log of AiProxy, written by Jetty's own request log: the same line as logback-access writes, but without the query.

[tags]
requestlog

[depend]
requestlog

[ini]
jetty.requestlog.filePath?=logs/access.log
jetty.requestlog.append?=true
jetty.requestlog.formatString?=%{client}a - %u %{dd/MMM/yyyy:HH:mm:ss Z|UTC|en}t %{Host}i "%m %U %H" %s %O %{request_time}attr "%{Referer}i" "%{User-Agent}i" %{upstream_addr}attr %{upstream_status}attr %{upstream_response_time}attr "%{upstream_scheme}attr://%{upstream_host}attr%{upstream_uri}attr" "%{ai_request_id}attr" "%{request_type}attr" "%{llm_time_to_first_token}attr" "%{llm_model}attr" "%{request_llm_model}attr" "%{llm_prompt_tokens}attr" "%{llm_completion_tokens}attr"
