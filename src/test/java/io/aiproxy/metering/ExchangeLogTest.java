package io.aiproxy.metering;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.aiproxy.config.Logging;
import io.aiproxy.json.JsonValue;
import io.aiproxy.ledger.Attempt;
import io.aiproxy.ledger.Ledger;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.FakeTicker;
import io.aiproxy.testing.LogLines;
import io.aiproxy.usage.Usage;
import io.aiproxy.usage.UsageSource;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExchangeLogTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Logging BOTH = new Logging(true, true);

  private final FakeTicker time = new FakeTicker();
  private final Ledger ledger = new Ledger("id-1", time);
  private final LogLines summaries = LogLines.of("io.aiproxy.summary");
  private final LogLines payloads = LogLines.of("io.aiproxy.payload");

  @AfterEach
  void close() {
    summaries.close();
    payloads.close();
  }

  @Test
  void writesTheFiguresOfAnExchange() throws IOException {
    ledger.route("r");
    ledger.consumer("ann");
    ledger.asked("openai-chat", "asked", true, "user-7", 2);
    ledger.model("sent");
    Attempt attempt = ledger.attempt("i", "http", "h", 80, "/");
    time.passesMillis(12);
    attempt.firstOutput();
    attempt.answer().toolCalls(1);
    attempt.answer().finishReason("tool_calls");
    time.passesMillis(8);
    attempt.counted(new Usage(10, 5, 15, 4, 3, 2, true), UsageSource.REPORTED);
    ledger.outcome("completed");
    ledger.ended();

    write(BOTH, "{}");

    assertThat(summaries.lines()).hasSize(1);
    assertThat(JSON.readTree(summaries.lines().get(0))).isEqualTo(JSON.readTree("""
            {"ai_request_id":"id-1","route":"r","consumer":"ann","request_model":"asked",
             "model":"sent","duration":12,"prompt_tokens":10,"completion_tokens":5,
             "total_tokens":15,"upstream_response_time":"0.020","stream":"true","tool_count":2,
             "has_tool_calls":"true","end_user_id":"user-7","cache_read_input_tokens":4,
             "cache_creation_input_tokens":3,"reasoning_tokens":2,"usage_source":"reported",
             "finish_reason":"tool_calls","outcome":"completed"}"""));
  }

  @Test
  void writesPromptAndAnswer() throws IOException {
    ledger.asked("openai-chat", "m", false, "", 0);
    byte[] text = "line 1\n\"line\" 2 \u2028".getBytes(UTF_8);
    ledger.attempt("i", "http", "h", 80, "/").answer().text().append(text, 0, text.length);

    write(BOTH, "{\"messages\":[{\"role\":\"user\",\"content\":\"a\\nb\"}],\"x\":1}");

    JsonNode line = JSON.readTree(payloads.lines().get(0));
    assertThat(line.at("/ai_request_id").asText()).isEqualTo("id-1");
    assertThat(line.at("/llm_request/messages"))
        .isEqualTo(JSON.readTree("[{\"role\":\"user\",\"content\":\"a\\nb\"}]"));
    assertThat(line.at("/llm_request/stream").asBoolean()).isFalse();
    assertThat(line.at("/llm_response_text/content").asText())
        .isEqualTo("line 1\n\"line\" 2 \u2028");
  }

  @Test
  void writesTheInputWhereThereAreNoMessages() throws IOException {
    write(BOTH, "{\"input\":\"text\"}");

    assertThat(
            JSON.readTree(payloads.lines().get(0)).at("/llm_request/messages").asText())
        .isEqualTo("text");
  }

  @Test
  void writesNothingThatNobodyAskedFor() {
    write(new Logging(false, false), "{}");

    assertThat(summaries.lines()).isEmpty();
    assertThat(payloads.lines()).isEmpty();
  }

  @Test
  void writesNoPayloadOfARequestThatWasNeverRead() {
    ExchangeLog.write(BOTH, ledger, Optional.empty());

    assertThat(payloads.lines()).isEmpty();
    assertThat(summaries.lines()).hasSize(1);
  }

  @Test
  void writesOneLineWhateverAClientSends() throws IOException {
    String nasty = "a\n{\"fake\":1}\r\u0085\u2028\u202e\u001b[31m\\\"";
    ledger.asked("openai-chat", nasty, true, nasty, 0);
    ledger.consumer(nasty);
    ledger.outcome("completed");
    byte[] text = nasty.getBytes(UTF_8);
    ledger.attempt("i", "http", "h", 80, "/").answer().text().append(text, 0, text.length);

    write(BOTH, "{\"messages\":\"\\u0000\\ud800\"}");

    for (LogLines log : new LogLines[] {summaries, payloads}) {
      assertThat(log.lines()).hasSize(1);
      assertThat(log.lines().get(0))
          .doesNotContain("\n", "\r", "\u0085", "\u001b", "\u2028", "\u202e");
      JSON.readTree(log.lines().get(0));
    }
    assertThat(JSON.readTree(payloads.lines().get(0))
            .at("/llm_response_text/content")
            .asText())
        .isEqualTo(nasty);
  }

  @Test
  void writesBoundedLinesWhateverAClientSends() throws IOException {
    String large = "x".repeat(1_000_000);
    ledger.asked("openai-chat", large, true, large, 0);
    ledger.model(large);
    ledger.attempt("i", "http", "h", 80, "/").answer().finishReason(large);
    byte[] text = large.getBytes(UTF_8);
    ledger.lastAttempt().orElseThrow().answer().text().append(text, 0, text.length);

    write(BOTH, "{\"messages\":\"" + large + "\"}");

    assertThat(summaries.lines().get(0).length()).isLessThan(4096);
    assertThat(payloads.lines().get(0).length()).isLessThan(140_000);
    JSON.readTree(payloads.lines().get(0));
  }

  private void write(Logging logging, String request) {
    JsonValue json = Calls.json(request);
    ExchangeLog.write(logging, ledger, Optional.of(json));
  }
}
