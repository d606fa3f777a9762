package io.aiproxy.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.List;

/**
 * Request targets by which somebody might try to get past the routes, and what may come of them. The container normalises a
 * path before a route is chosen; whatever it does, no request may reach a route, or a path of its upstream, that a plain one
 * could not, with the credential of that route.
 */
public final class OddPaths {
  private static final String BODY =
      "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"hello\"}]}]}";

  /**
   * One of them.
   *
   * @param may the routes and the paths of which one may be asked for; empty if nothing may
   * @param must whether it has to, and not be refused
   */
  public record Odd(String target, List<String> may, boolean must) {
    @Override
    public String toString() {
      return target;
    }
  }

  private OddPaths() {}

  /** All of them. */
  public static List<Odd> all() {
    return List.of(
        passes(
            "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123%3Ainference-profile%2Fabc/converse",
            "model"),
        passes("/v1/files/plain", "files"),
        passes("/v1/files/a%2Fb", "files"),
        passes("/v1/files/a%20b%3Fc%23d", "files"),
        becomes("/v1/files/%252e%252e/v1/batches/x", "files /v1/files/%252e%252e/v1/batches/x"),
        refused("/v1/files/%2F..%2F..%2Fbatches/x"),
        refused("/v1/files/..%2f..%2fbatches/x"),
        becomes("/v1/files/..%2Fbatches/x", "batches /v1/batches/x"),
        becomes("/v1/files/%2e%2e%2fbatches/x", "batches /v1/batches/x"),
        becomes("/v1/files/.%2e%2Fbatches%2Fx", "batches /v1/batches/x"),
        becomes("/v1/files/x%2F.%2Fy", "files /v1/files/x/y"),
        refused("/v1/files/%5c..%5cbatches/x"),
        refused("/v1/files/..\\..\\batches/x"),
        refused("/v1/files/x%00y"),
        refused("/v1/files/%c0%ae%c0%ae/batches/x"),
        refused("/v1/files/%u002e%u002e/batches/x"),
        refused("/v1/files/%zz"),
        refused("/model/..%2F..%2Fv1%2Fbatches/converse"),
        becomes("/model/%2e%2e%2Fv1%2Fbatches/converse", "batches /v1/chat/completions"),
        refused("/../../v1/batches/x"),
        refused("/nowhere/%2Fv1%2Fbatches%2Fx"),
        becomes("/v1/files/../batches/x", "batches /v1/batches/x"),
        becomes("/v1/files/%2e%2e/batches/x", "batches /v1/batches/x"),
        becomes("/v1/files/.%2E/batches/x", "batches /v1/batches/x"),
        becomes("/v1/files/..;/batches/x", "batches /v1/batches/x"),
        becomes("/v1/files/..;x=y/batches/x", "batches /v1/batches/x"),
        becomes("/v1/files/./x", "files /v1/files/x"),
        becomes("/v1//files/x", "files /v1/files/x"),
        becomes("//v1/files/x", "files /v1/files/x"),
        refused("//elsewhere.example/v1/files/x"),
        becomes("/v1;/files/x", "files /v1/files/x"),
        becomes("/v1/files/x;/../../batches/y", "batches /v1/batches/y"),
        becomes("/v1/files/a;jsessionid=1/b", "files /v1/files/a/b"),
        becomes("/v1/files/a%3Bb", "files /v1/files/a%3Bb"),
        becomes("/v1%2Ffiles%2Fx", "files /v1%2Ffiles%2Fx"),
        becomes("/v1/files%2F%2Fx", "files /v1/files%2F%2Fx", "files /v1/files/x"),
        becomes("/%76%31/files/x", "files /%76%31/files/x"),
        becomes("http://elsewhere.example/v1/files/x", "files /v1/files/x"));
  }

  private static Odd passes(String target, String route) {
    return new Odd(target, List.of(route + " " + target), true);
  }

  private static Odd becomes(String target, String... may) {
    return new Odd(target, List.of(may), false);
  }

  private static Odd refused(String target) {
    return new Odd(target, List.of(), false);
  }

  /** The routes that they are aimed at, for a configuration; each has a credential of its own. */
  public static String routes(ScriptedUpstream upstream) {
    return String.join(
        ",",
        route("files", "/v1/files*", "openai-compatible", upstream),
        route("batches", "/v1/batches/*", "openai-compatible", upstream),
        route("model", "/model/*", "bedrock", upstream));
  }

  private static String route(String id, String uri, String provider, ScriptedUpstream upstream) {
    return """
        {
          "id": "%s",
          "uri": "%s",
          "plugins": {
            "ai-proxy": {
              "provider": "%s",
              "auth": { "header": { "X-Route": "%s" } },
              "override": { "endpoint": "%s" }
            }
          }
        }""".formatted(id, uri, provider, id, upstream.url());
  }

  /** Sends it to a server with those routes, and looks at what came of it. */
  public static void check(Odd odd, URI server, ScriptedUpstream upstream) throws IOException {
    int before = upstream.requests().size();

    String answer = send(odd.target(), server);

    List<String> reached = upstream.requests().stream()
        .skip(before)
        .map(request -> request.headers().first("x-route").orElse("") + " " + request.target())
        .toList();
    if (reached.isEmpty() && !odd.must()) {
      assertThat(answer).as("%s", odd).matches("(?s)HTTP/1.1 4\\d\\d.*");
    } else {
      assertThat(reached).as("%s", odd).hasSize(1).isSubsetOf(odd.may());
    }
  }

  private static String send(String target, URI server) throws IOException {
    String request = "POST " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        + "Content-Type: application/json\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY;
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout(Math.toIntExact(ScriptedUpstream.PATIENCE.toMillis()));
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }
}
