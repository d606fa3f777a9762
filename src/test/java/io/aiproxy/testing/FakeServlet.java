package io.aiproxy.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** One request and its response without a container, for what is easier to see there. For one thread. */
public final class FakeServlet {
  private final Map<String, Object> attributes = new TreeMap<>();
  private final Map<String, String> headers = new HashMap<>();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final String path;
  private final byte[] body;
  private int status = 200;
  private int room = Integer.MAX_VALUE;

  private FakeServlet(String path, String body) {
    this.path = path;
    this.body = body.getBytes(UTF_8);
  }

  /** A {@code POST} of JSON. */
  public static FakeServlet post(String path, String body) {
    return new FakeServlet(path, body);
  }

  /** The client leaves when it has that many bytes. */
  public FakeServlet leavesAfter(int bytes) {
    room = bytes;
    return this;
  }

  public HttpServletRequest request() {
    return (HttpServletRequest) Proxy.newProxyInstance(
        FakeServlet.class.getClassLoader(),
        new Class<?>[] {HttpServletRequest.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "getMethod" -> "POST";
          case "getServletPath" -> path;
          case "getServerName", "getScheme" -> "http";
          case "getServerPort" -> 80;
          case "getContentLengthLong" -> (long) body.length;
          case "getContentType" -> "application/json";
          case "getHeaderNames" -> Collections.emptyEnumeration();
          case "getInputStream" -> input();
          case "setAttribute" -> attributes.put((String) arguments[0], arguments[1]);
          default -> null;
        });
  }

  public HttpServletResponse response() {
    return (HttpServletResponse) Proxy.newProxyInstance(
        FakeServlet.class.getClassLoader(),
        new Class<?>[] {HttpServletResponse.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "setStatus" -> status = (int) arguments[0];
          case "setHeader", "addHeader" ->
            headers.put((String) arguments[0], (String) arguments[1]);
          case "isCommitted" -> false;
          case "getOutputStream" -> output();
          default -> null;
        });
  }

  private ServletInputStream input() {
    ByteArrayInputStream in = new ByteArrayInputStream(body);
    return new ServletInputStream() {
      @Override
      public boolean isFinished() {
        return in.available() == 0;
      }

      @Override
      public boolean isReady() {
        return true;
      }

      @Override
      public void setReadListener(ReadListener listener) {
        throw new UnsupportedOperationException();
      }

      @Override
      public int read() {
        return in.read();
      }
    };
  }

  private ServletOutputStream output() {
    return new ServletOutputStream() {
      @Override
      public boolean isReady() {
        return true;
      }

      @Override
      public void setWriteListener(WriteListener listener) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void write(int b) throws IOException {
        if (written.size() >= room) {
          throw new IOException("the client has left");
        }
        written.write(b);
      }
    };
  }

  public int status() {
    return status;
  }

  /** What the client has got. */
  public String written() {
    return written.toString(UTF_8);
  }

  /** A field of the answer; empty if there is none. */
  public String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** A request attribute as it was left; empty if there is none. */
  public String attribute(String name) {
    return (String) attributes.getOrDefault(name, "");
  }
}
