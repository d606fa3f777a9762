package io.aiproxy.launch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.Gateway;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers what watches the process, before any route may: {@code /ready} says whether to send requests here, {@code /health}
 * how it is.
 */
final class Probes extends Handler.Wrapper {
  private final Gateway gateway;

  Probes(Gateway gateway, Handler others) {
    super(others);
    this.gateway = gateway;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = request.getHttpURI().getPath();
    boolean ready = "/ready".equals(path);
    if (!ready && !"/health".equals(path)) {
      return super.handle(request, response, callback);
    }
    if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
      Response.writeError(request, response, callback, HttpStatus.METHOD_NOT_ALLOWED_405);
      return true;
    }
    boolean draining = gateway.draining();
    response.setStatus(ready && draining ? HttpStatus.SERVICE_UNAVAILABLE_503 : HttpStatus.OK_200);
    answer(response, callback, ready ? readiness(draining) : gateway.health());
    return true;
  }

  private static ObjectNode readiness(boolean draining) {
    return JsonNodeFactory.instance.objectNode().put("status", draining ? "draining" : "ready");
  }

  private static void answer(Response response, Callback callback, ObjectNode body) {
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
    response.write(true, ByteBuffer.wrap(bytes), callback);
  }
}
