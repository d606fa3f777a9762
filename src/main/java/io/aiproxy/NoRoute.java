package io.aiproxy;

import io.aiproxy.servlet.Visit;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Answers what no route takes: 405 if routes take the path with other methods, else 404. It stands in for the container's
 * default servlet, so that nothing of the web application is served as a file. Safe for all threads.
 */
public final class NoRoute extends HttpServlet {
  private static final String ERROR =
      "{\"error\":{\"message\":\"%s\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"%s\"}}";

  /** Made by the container. */
  public NoRoute() {}

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Set<String> methods = methods(request);
    if (methods.isEmpty()) {
      answer(response, HttpServletResponse.SC_NOT_FOUND, "no route for this path", "not_found");
    } else {
      response.setHeader("Allow", String.join(", ", methods));
      answer(
          response,
          HttpServletResponse.SC_METHOD_NOT_ALLOWED,
          "no route for this method; Allow lists those there are",
          "method_not_allowed");
    }
  }

  private Set<String> methods(HttpServletRequest request) {
    return getServletContext().getAttribute(AiProxyFilter.ATTRIBUTE) instanceof Gateway gateway
        ? gateway.routes().methods(request.getServerName(), Visit.path(request))
        : Set.of();
  }

  private static void answer(HttpServletResponse response, int status, String message, String code)
      throws IOException {
    byte[] body = ERROR.formatted(message, code).getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.setContentType("application/json");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
