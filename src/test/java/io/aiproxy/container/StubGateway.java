package io.aiproxy.container;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stands in for the gateway: forwards to the first endpoint in the configuration and leaves the attributes. */
public final class StubGateway extends HttpFilter {
  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!request.getRequestURI().equals("/v1/chat/completions")) {
      chain.doFilter(request, response);
      return;
    }
    String body = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String model = find("\"model\": *\"((?:[^\"\\\\]|\\\\.)*)\"", body)
        .replaceAll("\\\\[nr\"]|\\\\u2028", "_");
    request.setAttribute(
        "request_type", body.contains("\"stream\":true") ? "ai_stream" : "ai_chat");
    request.setAttribute("request_llm_model", model);
    request.setAttribute("llm_model", model);
    request.setAttribute("request_time", "0.001");
    request.setAttribute("upstream_addr", "127.0.0.1:1");
    request.setAttribute("upstream_scheme", "http");
    request.setAttribute("upstream_host", "127.0.0.1");
    request.setAttribute("upstream_uri", "/v1/chat/completions");
    request.setAttribute("upstream_status", "200");
    request.setAttribute("upstream_response_time", "0.001");
    request.setAttribute("ai_request_id", "0123");
    if (request.getUserPrincipal() != null) {
      request.setAttribute("ai_consumer", request.getUserPrincipal().getName());
    }
    if (!body.startsWith("{")) {
      response.setStatus(400);
      response.setContentType("application/json");
      response
          .getOutputStream()
          .print(
              "{\"error\":{\"message\":\"no JSON\",\"type\":\"invalid_request_error\",\"code\":\"x\"}}");
      return;
    }
    String config = System.getProperty("ai-proxy.config", System.getenv("AI_PROXY_CONFIG"));
    URI endpoint =
        URI.create(find("\"endpoint\": *\"([^\"]*)\"", Files.readString(Path.of(config))));
    HttpURLConnection upstream = (HttpURLConnection) endpoint.toURL().openConnection();
    upstream.setDoOutput(true);
    upstream.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    response.setStatus(upstream.getResponseCode());
    request.setAttribute("upstream_status", upstream.getResponseCode());
    response.setContentType(upstream.getContentType());
    InputStream in =
        upstream.getResponseCode() < 400 ? upstream.getInputStream() : upstream.getErrorStream();
    StringBuilder all = new StringBuilder();
    byte[] buffer = new byte[8192];
    int sent = 0;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      sent += n;
      all.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
      response.getOutputStream().write(buffer, 0, n);
      response.getOutputStream().flush();
      request.setAttribute("llm_time_to_first_token", 5);
    }
    request.setAttribute("body_bytes_sent", sent);
    request.setAttribute("llm_prompt_tokens", find("\"prompt_tokens\":(\\d+)", all.toString()));
    request.setAttribute(
        "llm_completion_tokens", find("\"completion_tokens\":(\\d+)", all.toString()));
  }

  private static String find(String regex, String text) {
    Matcher matcher = Pattern.compile(regex).matcher(text);
    return matcher.find() ? matcher.group(1) : "-";
  }
}
