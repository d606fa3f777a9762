package io.aiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.testing.JettyContainer;
import io.aiproxy.testing.LogLines;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.testing.Settings;
import io.aiproxy.testing.Stage;
import io.aiproxy.testing.Turn;
import io.aiproxy.testing.WireClient;
import io.aiproxy.testing.WireClient.Answer;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One of three instances gets into trouble in the middle of many streams, on real sockets. Each word that a client reads says
 * who made it and for whom.
 */
class FailoverTest {
  private static final int STREAMS = 200;
  private static final int LATER = 60;
  private static final int WORDS = 3;
  private static final int TIMEOUT_MS = 2000;
  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final String CHAT = "/v1/chat/completions";
  private static final String ROLE = "{\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}";
  private static final String ERROR =
      "{\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}";
  private static final String STOP = "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}";
  private static final String USAGE =
      "{\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3,\"total_tokens\":12}}";
  private static final Pattern NONCE = Pattern.compile("nonce-(\\d+)");
  private static final Pattern MARKER = Pattern.compile("<(\\w)/(\\d+)/(\\d)>");

  /** How the first instance goes wrong. */
  enum Trouble {
    /** It is gone, and with it the streams that it had under way. */
    IS_KILLED(turn -> {}),
    HANGS(turn -> turn.stall()),
    RESETS(turn -> turn.reset()),
    RESETS_WITHIN_ITS_STREAM(turn -> turn.event(ROLE).reset()),
    ENDS_TOO_EARLY(turn -> turn.event(ROLE).close()),
    HAS_HAD_ENOUGH(turn -> turn.status(429).header("Retry-After", "30").json(ERROR)),
    IS_OVERLOADED(turn -> turn.status(529).json(ERROR)),
    BEGINS_WITH_AN_ERROR(turn -> turn.sse(ERROR)),
    ADMITS_AN_ERROR_AFTER_ITS_ROLE(turn -> turn.sse(ROLE, ERROR)),
    ADMITS_AN_ERROR_AFTER_OUTPUT(true, turn -> turn.sse(ROLE, word("a", turn, 0), ERROR)),
    RESETS_AFTER_OUTPUT(true, turn -> turn.event(word("a", turn, 0)).reset());

    private final boolean isAfterOutput;
    private final ScriptedUpstream.Script script;

    Trouble(ScriptedUpstream.Script script) {
      this(false, script);
    }

    Trouble(boolean isAfterOutput, ScriptedUpstream.Script script) {
      this.isAfterOutput = isAfterOutput;
      this.script = script;
    }
  }

  private final LogLines quiet = LogLines.of("io.aiproxy.servlet.Departure");
  private final Stage stage = new Stage();
  private final Map<String, ScriptedUpstream> upstreams = new LinkedHashMap<>();
  private final ExecutorService clients = Executors.newCachedThreadPool();
  private final CountDownLatch speaking = new CountDownLatch(STREAMS);
  private final CountDownLatch go = new CountDownLatch(1);
  private JettyContainer container;
  private Gateway gateway;

  /** What a client read, and whether it came to its end as far as the wire can tell. */
  private record Heard(int nonce, String beginning, Answer answer) {
    String text() {
      return beginning + answer.text();
    }

    List<MatchResult> words() {
      return MARKER.matcher(text()).results().toList();
    }

    @Override
    public String toString() {
      return nonce + ": " + answer.status() + " " + answer.complete() + " " + text();
    }

    /** Who made the first word; empty if there is none. */
    String by() {
      return words().isEmpty() ? "" : words().get(0).group(1);
    }

    boolean whole() {
      return answer.status() == 200
          && answer.complete()
          && words().size() == WORDS
          && text().endsWith("data: [DONE]\n\n");
    }

    /** Whether one broke off that had begun to speak, and the client can see that. */
    boolean isBrokenBy(String name) {
      return by().equals(name)
          && !text().contains("[DONE]")
          && (!answer.complete() || text().contains("\"error\""));
    }

    /** Whether it is the beginning of one answer to its own request. */
    boolean isItsOwn() {
      for (int i = 0; i < words().size(); i++) {
        MatchResult word = words().get(i);
        if (!word.group(1).equals(by())
            || Integer.parseInt(word.group(2)) != nonce
            || Integer.parseInt(word.group(3)) != i) {
          return false;
        }
      }
      return true;
    }
  }

  @BeforeEach
  void open() {
    for (String name : List.of("a", "b", "c")) {
      upstreams.put(name, ScriptedUpstream.open().answers(turn -> speak(name, turn, go)));
    }
    container = JettyContainer.open(stage, IDLE, 2 * (STREAMS + LATER));
  }

  /** A budget for all: here it is to be seen that nobody is lost, elsewhere that retries are bounded. */
  private void serves(String more) throws ServletException {
    gateway = Gateway.open(Settings.configuration(
        "{'uri':'/*','plugins':{'ai-proxy-multi':{'fallback_strategy':['http_429','http_5xx'],"
            + "'retry_budget_percent':100,'first_byte_timeout':" + TIMEOUT_MS + "," + more
            + "'instances':["
            + String.join(",", upstreams.keySet().stream().map(this::instance).toList())
            + "]}}}"));
    AiProxyFilter filter = new AiProxyFilter(gateway);
    filter.init(stage.config());
    stage.has(filter);
  }

  private String instance(String name) {
    return "{'name':'%s','weight':1,'provider':'openai','auth':{},'override':{'endpoint':'%s'}}"
        .formatted(name, upstreams.get(name).url());
  }

  @AfterEach
  void close() {
    go.countDown();
    clients.shutdownNow();
    gateway.close();
    container.close();
    quiet.close();
    upstreams.values().forEach(ScriptedUpstream::close);
  }

  @ParameterizedTest
  @EnumSource
  void nobodyIsLostAndNothingIsDoubled(Trouble trouble) throws Exception {
    serves("");
    List<Future<Heard>> early = ask(0, STREAMS);
    assertThat(speaking.await(10, TimeUnit.SECONDS)).isTrue();
    strike(trouble);

    List<Heard> later = heard(ask(STREAMS, LATER));
    go.countDown();
    List<Heard> all = heard(early);

    assertThat(all)
        .filteredOn(one -> !one.whole())
        .allMatch(one -> trouble == Trouble.IS_KILLED && one.isBrokenBy("a"));
    assertThat(later)
        .filteredOn(one -> !one.whole())
        .allMatch(one -> trouble.isAfterOutput && one.isBrokenBy("a"));
    all.addAll(later);
    assertThat(all).allMatch(Heard::isItsOwn);
    List<Map<String, String>> log = log(all.size());
    assertThat(asked(log)).isEqualTo(requests());
    assertThat(log).filteredOn("llm_outcome", "completed").hasSize((int)
        all.stream().filter(Heard::whole).count());
  }

  @Test
  void aHedgeSavesTheTimeThatAHungInstanceTakes() throws Exception {
    serves("'hedge_after_ms':100,'hedge_budget_percent':100,");
    strike(Trouble.HANGS);

    List<Heard> all = heard(ask(STREAMS, LATER));

    assertThat(all).allMatch(Heard::whole).allMatch(Heard::isItsOwn);
    List<Map<String, String>> log = log(LATER);
    assertThat(log)
        .allMatch(line -> Integer.parseInt(line.get("llm_time_to_first_token")) < TIMEOUT_MS);
    Map<String, Integer> asked = asked(log); // whoever was cut off at once may not have heard of it
    requests()
        .forEach((address, heard) -> assertThat(asked)
            .hasEntrySatisfying(address, told -> assertThat(told).isGreaterThanOrEqualTo(heard)));
  }

  private void strike(Trouble trouble) {
    if (trouble == Trouble.IS_KILLED) {
      upstreams.get("a").close();
    } else {
      upstreams.get("a").answers(trouble.script);
    }
    CountDownLatch gone = new CountDownLatch(0);
    upstreams.get("b").answers(turn -> speak("b", turn, gone));
    upstreams.get("c").answers(turn -> speak("c", turn, gone));
  }

  private static void speak(String name, Turn turn, CountDownLatch wait) throws IOException {
    turn.event(ROLE).event(word(name, turn, 0)).awaits(wait);
    for (int i = 1; i < WORDS; i++) {
      turn.event(word(name, turn, i));
    }
    turn.sse(STOP, USAGE, "[DONE]");
  }

  private static String word(String name, Turn turn, int number) {
    MatchResult nonce =
        NONCE.matcher(turn.request().text()).results().findFirst().orElseThrow();
    return "{\"choices\":[{\"delta\":{\"content\":\"<%s/%s/%d>\"}}]}"
        .formatted(name, nonce.group(1), number);
  }

  private List<Future<Heard>> ask(int first, int count) {
    List<Future<Heard>> asked = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      int nonce = i;
      asked.add(clients.submit(() -> ask(nonce)));
    }
    return asked;
  }

  private Heard ask(int nonce) {
    String question =
        "{\"stream\":true,\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"nonce-%d\"}]}"
            .formatted(nonce);
    try (WireClient client =
        WireClient.to(container.port()).post(CHAT, question).head()) {
      if (nonce >= STREAMS) {
        return new Heard(nonce, "", client.rest());
      }
      String beginning = client.event() + client.event();
      speaking.countDown();
      return new Heard(nonce, beginning, client.rest());
    }
  }

  private static List<Heard> heard(List<Future<Heard>> asked) throws Exception {
    List<Heard> heard = new ArrayList<>();
    for (Future<Heard> one : asked) {
      heard.add(one.get(20, TimeUnit.SECONDS));
    }
    return heard;
  }

  /** The access log of so many exchanges. */
  private List<Map<String, String>> log(int exchanges) {
    return Stream.generate(stage::attributes).limit(exchanges).toList();
  }

  /** How often each upstream was asked by the log; who could not be connected to was not. */
  private static Map<String, Integer> asked(List<Map<String, String>> log) {
    Map<String, Integer> asked = new TreeMap<>();
    for (Map<String, String> line : log) {
      String[] addresses = line.get("upstream_addr").split(", ", -1);
      String[] connects = line.get("upstream_connect_time").split(", ", -1);
      assertThat(line.get("llm_attempts")).isEqualTo(Integer.toString(addresses.length));
      assertThat(line.get("upstream_status").split(", ", -1)).hasSameSizeAs(addresses);
      for (int i = 0; i < addresses.length; i++) {
        asked.merge(addresses[i], connects[i].equals("-") ? 0 : 1, Integer::sum);
      }
    }
    return asked;
  }

  /** How often each upstream says that it was asked. */
  private Map<String, Integer> requests() {
    return upstreams.values().stream()
        .collect(Collectors.toMap(
            one -> "127.0.0.1:" + one.port(),
            one -> one.requests().size(),
            Integer::sum,
            TreeMap::new));
  }
}
