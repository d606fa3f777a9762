package io.aiproxy.benchmark;

import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.Turn;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The model of a soak: does what the model's name in a request asks for. Has no state. */
final class SoakModel {
  static final String ANSWER =
      "{\"id\":\"a\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":"
          + "{\"role\":\"assistant\",\"content\":\"" + "word ".repeat(100)
          + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":100,\"total_tokens\":105}}";
  private static final String WORD =
      "{\"id\":\"a\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
          + "{\"content\":\"word \"},\"finish_reason\":null}]}";
  private static final String LAST =
      "{\"id\":\"a\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
          + "{},\"finish_reason\":\"stop\"}]}";
  private static final String USAGE =
      "{\"id\":\"a\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[],\"usage\":"
          + "{\"prompt_tokens\":5,\"completion_tokens\":10,\"total_tokens\":15}}";
  private static final int WORDS = 10;
  private static final int MANY_WORDS = 500;
  private static final Duration BETWEEN = Duration.ofMillis(15);
  private static final Pattern MODEL = Pattern.compile("\"model\"\\s*:\\s*\"([^\"]*)\"");

  private SoakModel() {}

  static ScriptedUpstream open() {
    return ScriptedUpstream.open().forgets().answers(SoakModel::play);
  }

  private static void play(Turn turn) throws IOException {
    if (turn.request().target().startsWith("/failing/")) {
      turn.status(503).json("{\"error\":{\"message\":\"busy\"}}");
      return;
    }
    Matcher model = MODEL.matcher(turn.request().text());
    switch (model.find() ? model.group(1) : "") {
      case "stream" ->
        words(turn, WORDS).event(LAST).event(USAGE).event("[DONE]").end();
      case "long" -> words(turn, MANY_WORDS).event("[DONE]").end();
      case "error" -> turn.status(500).json("{\"error\":{\"message\":\"broken\"}}");
      case "busy" -> turn.status(429).header("Retry-After", "1").json("{\"error\":{}}");
      case "cut" ->
        turn.raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                + "Content-Length: 1000\r\n\r\n{\"id\":")
            .reset();
      case "cut-stream" -> words(turn, WORDS / 2).reset();
      case "closed-stream" -> words(turn, WORDS / 2).close();
      case "gone" -> turn.reset();
      case "silent" -> turn.stall();
      case "noise" -> turn.raw("noise\r\n\r\n").close();
      default -> turn.json(ANSWER);
    }
  }

  private static Turn words(Turn turn, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      turn.event(WORD);
      LockSupport.parkNanos(BETWEEN.toNanos());
    }
    return turn;
  }

  /** Another one for each number: connections get other settings, and a route comes and goes. */
  static String configuration(int port, int number) {
    String url = "http://127.0.0.1:" + port;
    int timeout = number % 2 == 0 ? 10_000 : 11_000;
    String more = number % 2 == 0 ? "" : "," + route("more", "/more/*", url, timeout);
    return "{\"routes\":[" + route("good", "/v1/*", url, timeout) + ","
        + route("bad", "/bad/*", url, 1_000) + "," + """
        {"id": "several", "uri": "/several/*", "plugins": {"ai-proxy-multi": {
          "fallback_strategy": ["http_429", "http_5xx"], "retry_budget_percent": 100, "timeout": %d, "instances": [
            {"name": "failing", "provider": "openai-compatible", "weight": 1, "priority": 1, "auth": {},
             "override": {"endpoint": "%s/failing/v1/chat/completions"}},
            {"name": "good", "provider": "openai-compatible", "weight": 1, "auth": {},
             "override": {"endpoint": "%s"}}]}}}
        """.formatted(timeout, url, url) + more + "]}";
  }

  private static String route(String id, String uri, String url, int timeout) {
    return """
        {"id": "%s", "uri": "%s", "plugins": {"ai-proxy": {"provider": "openai-compatible", "auth": {},
          "timeout": %d, "pool_size": 60, "keepalive_pool": 30, "override": {"endpoint": "%s"}}}}
        """.formatted(id, uri, timeout, url);
  }
}
