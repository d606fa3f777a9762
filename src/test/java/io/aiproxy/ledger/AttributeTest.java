package io.aiproxy.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.testing.FakeTicker;
import io.aiproxy.usage.Usage;
import io.aiproxy.usage.UsageSource;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeTest {
  private final FakeTicker time = new FakeTicker();
  private final Ledger ledger = new Ledger("id-1", time);

  @Test
  void haveTheirDefaultsBeforeAnythingIsKnown() {
    time.passesMillis(3);
    ledger.ended();

    assertThat(values())
        .isEqualTo(new TreeMap<>(Map.ofEntries(
            Map.entry("ai_request_id", "id-1"),
            Map.entry("body_bytes_sent", "0"),
            Map.entry("llm_attempts", "0"),
            Map.entry("llm_cache_creation_input_tokens", "0"),
            Map.entry("llm_cache_read_input_tokens", "0"),
            Map.entry("llm_completion_tokens", "0"),
            Map.entry("llm_has_tool_calls", "false"),
            Map.entry("llm_prompt_tokens", "0"),
            Map.entry("llm_reasoning_tokens", "0"),
            Map.entry("llm_stream", "false"),
            Map.entry("llm_time_to_first_token", "0"),
            Map.entry("llm_tool_count", "0"),
            Map.entry("llm_total_tokens", "0"),
            Map.entry("llm_usage_source", "absent"),
            Map.entry("request_time", "0.003"),
            Map.entry("request_type", "traditional_http"))));
  }

  @Test
  void tellAllOfAnExchange() {
    ledger.route("r");
    ledger.consumer("ann");
    ledger.asked("openai-chat", "asked", true, "user-7", 2);
    Attempt attempt = ledger.attempt("ai-proxy-openai", "https", "one.example", 8443, "/v1/x");
    ledger.model("sent");
    time.passesMillis(1);
    attempt.connected();
    time.passesMillis(20);
    attempt.head(200);
    time.passesMillis(30);
    attempt.firstOutput();
    attempt.received(1234);
    ledger.sent(1200);
    attempt.answer().model("sent-2024");
    attempt.answer().finishReason("tool_calls");
    attempt.answer().toolCalls(2);
    time.passesMillis(1949);
    attempt.counted(new Usage(10, 5, 15, 4, 3, 2, true), UsageSource.REPORTED);
    ledger.outcome("completed");
    ledger.ended();

    assertThat(values())
        .isEqualTo(new TreeMap<>(Map.ofEntries(
            Map.entry("ai_consumer", "ann"),
            Map.entry("ai_protocol", "openai-chat"),
            Map.entry("ai_request_id", "id-1"),
            Map.entry("ai_route", "r"),
            Map.entry("body_bytes_sent", "1200"),
            Map.entry("llm_attempts", "1"),
            Map.entry("llm_cache_creation_input_tokens", "3"),
            Map.entry("llm_cache_read_input_tokens", "4"),
            Map.entry("llm_completion_tokens", "5"),
            Map.entry("llm_end_user_id", "user-7"),
            Map.entry("llm_finish_reason", "tool_calls"),
            Map.entry("llm_has_tool_calls", "true"),
            Map.entry("llm_instance", "ai-proxy-openai"),
            Map.entry("llm_model", "sent"),
            Map.entry("llm_outcome", "completed"),
            Map.entry("llm_prompt_tokens", "10"),
            Map.entry("llm_reasoning_tokens", "2"),
            Map.entry("llm_response_model", "sent-2024"),
            Map.entry("llm_stream", "true"),
            Map.entry("llm_time_to_first_token", "51"),
            Map.entry("llm_tool_count", "2"),
            Map.entry("llm_total_tokens", "15"),
            Map.entry("llm_usage_source", "reported"),
            Map.entry("request_llm_model", "asked"),
            Map.entry("request_time", "2.000"),
            Map.entry("request_type", "ai_stream"),
            Map.entry("upstream_instance", "ai-proxy-openai"),
            Map.entry("upstream_prompt_tokens", "10"),
            Map.entry("upstream_completion_tokens", "5"),
            Map.entry("upstream_addr", "one.example:8443"),
            Map.entry("upstream_connect_time", "0.001"),
            Map.entry("upstream_header_time", "0.021"),
            Map.entry("upstream_host", "one.example"),
            Map.entry("upstream_response_length", "1234"),
            Map.entry("upstream_response_time", "2.000"),
            Map.entry("upstream_scheme", "https"),
            Map.entry("upstream_status", "200"),
            Map.entry("upstream_uri", "/v1/x"))));
  }

  @Test
  void listWhatHappenedInEachAttempt() {
    Attempt first = ledger.attempt("a", "https", "one", 443, "/1");
    time.passesMillis(5);
    first.ended();
    Attempt second = ledger.attempt("b", "http", "two", 80, "/2");
    time.passesMillis(10);
    second.connected();
    second.head(503);
    second.received(7);
    ledger.ended();

    assertThat(values())
        .containsEntry("upstream_addr", "one:443, two:80")
        .containsEntry("upstream_status", "-, 503")
        .containsEntry("upstream_connect_time", "-, 0.010")
        .containsEntry("upstream_header_time", "-, 0.010")
        .containsEntry("upstream_response_time", "0.005, 0.010")
        .containsEntry("upstream_response_length", "0, 7")
        .containsEntry("upstream_host", "two")
        .containsEntry("llm_instance", "b")
        .containsEntry("llm_attempts", "2");
  }

  @Test
  void callAnExchangeThatIsNotStreamedAChat() {
    ledger.asked("openai-embeddings", "m", false, "", 0);

    assertThat(Attribute.REQUEST_TYPE.of(ledger)).isEqualTo("ai_chat");
  }

  @ParameterizedTest
  @CsvSource({"0, 0.000", "9, 0.009", "10, 0.010", "999, 0.999", "1000, 1.000", "61001, 61.001"})
  void giveTimesInSecondsWithMilliseconds(long millis, String seconds) {
    time.passesMillis(millis);

    assertThat(Attribute.REQUEST_TIME.of(ledger)).isEqualTo(seconds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n", "\r", "\t", "\u0000", "\u001b", "\u007f", "\u0085", "\u2028", "\u2029", "\u202e",
        "\u2066", "\u200b", "\ufeff", "\"", "\\", "\ud800", "\udc00", "\u0378"
      })
  void canBePrintedInALineWhateverTheClientSends(String sign) {
    ledger.asked("openai-chat", "a" + sign + "b", false, "", 0);

    assertThat(Attribute.REQUEST_LLM_MODEL.of(ledger)).isEqualTo("a_b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-4o", "meta/llama:70b@x", "ä€漢", "a b", "${jndi:ldap://x}", "'%n'"})
  void areOtherwiseWhatTheClientSent(String model) {
    ledger.asked("openai-chat", model, false, "", 0);

    assertThat(Attribute.REQUEST_LLM_MODEL.of(ledger)).isEqualTo(model);
  }

  @ParameterizedTest
  @CsvSource({"255, 255", "256, 256", "257, 256", "1000000, 256"})
  void areCutToABound(int length, int kept) {
    ledger.asked("openai-chat", "x".repeat(length), false, "\n".repeat(length), 0);

    assertThat(Attribute.REQUEST_LLM_MODEL.of(ledger)).hasSize(kept);
    assertThat(Attribute.LLM_END_USER_ID.of(ledger)).hasSize(kept).matches("_*");
  }

  @Test
  void haveDistinctNamesThatAnyLogCanTake() {
    assertThat(Attribute.values())
        .extracting(Attribute::key)
        .doesNotHaveDuplicates()
        .allMatch(key -> key.matches("[a-z][a-z_]*[a-z]"));
  }

  @Test
  void keepTheFirstWordForHowItEnded() {
    ledger.outcome("client_gone");
    ledger.outcome("completed");

    assertThat(Attribute.LLM_OUTCOME.of(ledger)).isEqualTo("client_gone");
  }

  private Map<String, String> values() {
    Map<String, String> values = new TreeMap<>();
    Arrays.stream(Attribute.values())
        .filter(attribute -> !attribute.of(ledger).isEmpty())
        .forEach(attribute -> values.put(attribute.key(), attribute.of(ledger)));
    return values;
  }
}
