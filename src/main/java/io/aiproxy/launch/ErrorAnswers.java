package io.aiproxy.launch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Says Jetty's own errors, such as a request that is not HTTP, in the JSON that LLM clients know. The message is that of
 * the status alone: it repeats nothing of the request and tells nothing of the inside. Has no state.
 */
final class ErrorAnswers extends ErrorHandler {
  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (request.getAttribute(ERROR_EXCEPTION) instanceof HttpException broken) {
      response.setStatus(broken.getCode());
    }
    if (response.getStatus() == HttpStatus.UPGRADE_REQUIRED_426) {
      response.setStatus(
          HttpStatus
              .HTTP_VERSION_NOT_SUPPORTED_505); // said to HTTP/2, and there is nothing to upgrade
      // to
    }
    int status = response.getStatus();
    if (HttpStatus.hasNoBody(status)) {
      callback.succeeded();
      return true;
    }
    byte[] body = body(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }

  private static byte[] body(int status) {
    String message = HttpStatus.getMessage(status).toLowerCase(Locale.ROOT);
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer
        .putObject("error")
        .put("message", message)
        .put(
            "type",
            status < HttpStatus.INTERNAL_SERVER_ERROR_500
                ? "invalid_request_error"
                : "server_error")
        .putNull("param")
        .put("code", message.replaceAll("[^a-z0-9]+", "_"));
    return answer.toString().getBytes(StandardCharsets.UTF_8);
  }
}
