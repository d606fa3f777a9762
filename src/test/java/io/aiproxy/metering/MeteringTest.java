package io.aiproxy.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aiproxy.call.Call;
import io.aiproxy.call.Exchange;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Reply;
import io.aiproxy.ledger.Answer;
import io.aiproxy.ledger.Attempt;
import io.aiproxy.ledger.Ledger;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.FakeTicker;
import io.aiproxy.testing.ScriptedBody;
import io.aiproxy.usage.Usage;
import io.aiproxy.wire.SseEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeteringTest {
  private static final String ROLE =
      "data: {\"model\":\"m-1\",\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n";
  private static final String TEXT = "data: {\"choices\":[{\"delta\":{\"content\":\"hi\"}}]}\n\n";
  private static final String DONE = "data: [DONE]\n\n";

  private final FakeTicker time = new FakeTicker();
  private final Ledger ledger = new Ledger("x", time);
  private final Attempt attempt = ledger.attempt("i", "http", "h", 80, "/");
  private final Call call = in(
      new Exchange("x", ledger, Calls.SCHEDULER),
      Calls.arrived("/v1/chat/completions", "{\"messages\":[]}", Headers.NONE));

  @Test
  void changesNoByteOfAStreamAndCutsItIntoEvents() {
    String stream = ROLE + TEXT + ": comment\r\n\r\n" + "data: broken {\n\n" + DONE + "rest";
    List<Boolean> areEvents = new ArrayList<>();

    for (int cut = 0; cut <= stream.length(); cut++) {
      Reply reply =
          metered(200, "text/event-stream", stream.substring(0, cut), stream.substring(cut));
      StringBuilder seen = new StringBuilder();
      boolean more = true;
      while (more) {
        more = reply.body().advance(piece -> {
          areEvents.add(piece instanceof SseEvent);
          seen.append(new String(piece.array(), piece.offset(), piece.length()));
        });
      }
      assertThat(seen).as("cut at %s", cut).hasToString(stream);
    }
    assertThat(areEvents).doesNotContain(false);
  }

  @Test
  void changesNoByteOfADocumentAndKeepsItsLength() {
    Reply reply = metered(200, "application/json", "{\"usage\"", ":{}}");

    assertThat(reply.body().length()).isEqualTo(12);
    assertThat(ScriptedBody.text(reply.body())).isEqualTo("{\"usage\":{}}");
  }

  @Test
  void takesTheLastUsageOfAStream() {
    read(200, "text/event-stream", usage(5, 1), TEXT, usage(5, 2), usage(0, 0), DONE);

    assertThat(attempt.answer().usage()).isEqualTo(Usage.of(0, 0));
  }

  @Test
  void takesAnExplicitZeroForAValueAndNullForNone() {
    read(
        200,
        "text/event-stream",
        "data: {\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":null}}\n\n",
        "data: {\"usage\":null}\n\n",
        DONE);

    assertThat(attempt.answer().usage()).isEqualTo(Usage.of(0, Usage.ABSENT));
  }

  @Test
  void knowsNoUsageWhereNoneIsSaid() {
    read(200, "text/event-stream", TEXT, DONE);

    assertThat(attempt.answer().usage().isAbsent()).isTrue();
  }

  @Test
  void readsADocumentWhereverItIsCut() {
    String document = "{\"model\":\"m\",\"choices\":[{\"message\":{\"content\":\"hi\"},"
        + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7}}";

    for (int cut = 0; cut <= document.length(); cut++) {
      Attempt fresh = ledger.attempt("i", "http", "h", 80, "/");
      read(200, "application/json", document.substring(0, cut), document.substring(cut));
      assertThat(fresh.answer().usage()).as("cut at %s", cut).isEqualTo(Usage.of(5, 7));
      assertThat(fresh.answer().model()).isEqualTo("m");
      assertThat(fresh.answer().finishReason()).isEqualTo("stop");
      assertThat(fresh.answer().text()).hasToString("hi");
    }
  }

  @Test
  void readsNothingOfAnError() {
    read(400, "application/json", "{\"usage\":{\"prompt_tokens\":5}}");

    assertThat(attempt.answer().usage().isAbsent()).isTrue();
  }

  @Test
  void measuresTheTimeToTheFirstEventThatHasOutput() {
    Reply reply = metered(200, "text/event-stream", ROLE, TEXT.substring(0, 9), TEXT.substring(9));

    time.passesMillis(10);
    reply.body().advance(piece -> {});
    assertThat(attempt.firstOutputNanos()).isEqualTo(Attempt.NEVER);
    time.passesMillis(10);
    reply.body().advance(piece -> {});
    assertThat(attempt.firstOutputNanos()).isEqualTo(Attempt.NEVER);
    time.passesMillis(10);
    reply.body().advance(piece -> time.passesMillis(100));
    assertThat(attempt.firstOutputNanos()).isEqualTo(30_000_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 429, 500})
  void measuresTheTimeToTheEndOfADocument(int status) {
    Reply reply = metered(status, "application/json", "{\"choices\":", "[]}");

    time.passesMillis(10);
    reply.body().advance(piece -> {});
    time.passesMillis(10);
    reply.body().advance(piece -> {});

    assertThat(attempt.firstOutputNanos()).isEqualTo(20_000_000);
  }

  @Test
  void tellsACompleteStreamFromOneThatOnlyEnds() {
    read(200, "text/event-stream", TEXT);
    assertThat(attempt.answer().complete()).isFalse();

    read(200, "text/event-stream", DONE);
    assertThat(attempt.answer().complete()).isTrue();
  }

  @Test
  void keepsWhatItReadOfABodyThatBreaksOff() {
    ScriptedBody body = ScriptedBody.of(usage(5, 1), TEXT, "data: {\"choi").fails();
    Reply reply = new Metering().handle(call, c -> reply(200, "text/event-stream", body));

    assertThatThrownBy(() -> ScriptedBody.text(reply.body())).isInstanceOf(Problem.class);
    assertThat(attempt.answer().usage()).isEqualTo(Usage.of(5, 1));
    assertThat(attempt.answer().text()).hasToString("hi");
  }

  @Test
  void keepsTheBeginningOfALongTextAndKnowsItsLength() {
    String word = "0123456789".repeat(100);
    String[] events = new String[100];
    java.util.Arrays.fill(
        events, "data: {\"choices\":[{\"delta\":{\"content\":\"" + word + "\"}}]}\n\n");

    read(200, "text/event-stream", events);

    assertThat(attempt.answer().text().length()).isEqualTo(100_000);
    assertThat(attempt.answer().text().toString())
        .hasSize(Answer.MOST_TEXT)
        .startsWith("01234567890");
  }

  private static String usage(int prompt, int completion) {
    return "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":" + prompt
        + ",\"completion_tokens\":" + completion + "}}\n\n";
  }

  private void read(int status, String type, String... pieces) {
    ScriptedBody.bytes(metered(status, type, pieces).body());
  }

  private Reply metered(int status, String type, String... pieces) {
    return new Metering().handle(call, c -> reply(status, type, ScriptedBody.of(pieces)));
  }

  private static Reply reply(int status, String type, ScriptedBody body) {
    return new Reply(status, Headers.builder().add("Content-Type", type).build(), body);
  }

  private static Call in(Exchange exchange, Call call) {
    return new Call(
        exchange,
        call.protocol(),
        call.asked(),
        call.method(),
        call.path(),
        call.target(),
        call.headers(),
        call.json(),
        call.payload());
  }
}
