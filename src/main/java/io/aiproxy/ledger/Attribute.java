package io.aiproxy.ledger;

import io.aiproxy.usage.Usage;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The request attributes that an access log can print; this is the whole list. Names and defaults are those of Apache APISIX's
 * variables where it has one. Each value is a string that is safe to print; an empty one is not set, so that a log prints its
 * own sign for nothing. Of what happens per attempt all attempts are listed, separated by a comma and a blank.
 */
public enum Attribute {
  REQUEST_TYPE("request_type", Attribute::requestType),
  REQUEST_LLM_MODEL("request_llm_model", Ledger::requestModel),
  LLM_MODEL("llm_model", Ledger::model),
  LLM_RESPONSE_MODEL("llm_response_model", ledger -> answer(ledger, Answer::model)),
  LLM_TIME_TO_FIRST_TOKEN(
      "llm_time_to_first_token", ledger -> millis(ledger, Attempt::firstOutputNanos)),
  LLM_PROMPT_TOKENS("llm_prompt_tokens", ledger -> tokens(ledger.usage().prompt())),
  LLM_COMPLETION_TOKENS("llm_completion_tokens", ledger -> tokens(ledger.usage().completion())),
  LLM_TOTAL_TOKENS("llm_total_tokens", ledger -> tokens(ledger.usage().sum())),
  LLM_CACHE_READ_INPUT_TOKENS(
      "llm_cache_read_input_tokens", ledger -> tokens(ledger.usage().cacheRead())),
  LLM_CACHE_CREATION_INPUT_TOKENS(
      "llm_cache_creation_input_tokens", ledger -> tokens(ledger.usage().cacheWrite())),
  LLM_REASONING_TOKENS("llm_reasoning_tokens", ledger -> tokens(ledger.usage().reasoning())),
  LLM_USAGE_SOURCE("llm_usage_source", ledger -> ledger.usageSource().word()),
  LLM_STREAM("llm_stream", ledger -> Boolean.toString(ledger.stream())),
  LLM_HAS_TOOL_CALLS("llm_has_tool_calls", Attribute::hasToolCalls),
  LLM_TOOL_COUNT("llm_tool_count", ledger -> Integer.toString(ledger.tools())),
  LLM_FINISH_REASON("llm_finish_reason", ledger -> answer(ledger, Answer::finishReason)),
  LLM_END_USER_ID("llm_end_user_id", Ledger::endUser),
  LLM_OUTCOME("llm_outcome", Ledger::outcome),
  LLM_INSTANCE(
      "llm_instance", ledger -> ledger.lastAttempt().map(Attempt::instance).orElse("")),
  LLM_ATTEMPTS("llm_attempts", ledger -> Integer.toString(ledger.attempts().size())),
  AI_REQUEST_ID("ai_request_id", Ledger::id),
  AI_ROUTE("ai_route", Ledger::route),
  AI_PROTOCOL("ai_protocol", Ledger::protocol),
  AI_CONSUMER("ai_consumer", Ledger::consumer),
  UPSTREAM_INSTANCE("upstream_instance", ledger -> each(ledger, Attempt::instance)),
  UPSTREAM_ADDR("upstream_addr", ledger -> each(ledger, Attempt::address)),
  UPSTREAM_STATUS("upstream_status", ledger -> each(ledger, Attribute::status)),
  UPSTREAM_CONNECT_TIME(
      "upstream_connect_time", ledger -> each(ledger, attempt -> seconds(attempt.connectNanos()))),
  UPSTREAM_HEADER_TIME(
      "upstream_header_time", ledger -> each(ledger, attempt -> seconds(attempt.headNanos()))),
  UPSTREAM_RESPONSE_TIME(
      "upstream_response_time", ledger -> each(ledger, attempt -> seconds(attempt.endNanos()))),
  UPSTREAM_RESPONSE_LENGTH(
      "upstream_response_length",
      ledger -> each(ledger, attempt -> Long.toString(attempt.bytes()))),
  UPSTREAM_PROMPT_TOKENS(
      "upstream_prompt_tokens",
      ledger -> each(ledger, attempt -> tokens(attempt.usage().prompt()))),
  UPSTREAM_COMPLETION_TOKENS(
      "upstream_completion_tokens",
      ledger -> each(ledger, attempt -> tokens(attempt.usage().completion()))),
  UPSTREAM_SCHEME(
      "upstream_scheme", ledger -> ledger.lastAttempt().map(Attempt::scheme).orElse("")),
  UPSTREAM_HOST(
      "upstream_host", ledger -> ledger.lastAttempt().map(Attempt::host).orElse("")),
  UPSTREAM_URI("upstream_uri", ledger -> ledger.lastAttempt().map(Attempt::path).orElse("")),
  REQUEST_TIME("request_time", ledger -> seconds(ledger.nanos())),
  BODY_BYTES_SENT("body_bytes_sent", ledger -> Long.toString(ledger.sent()));

  /** The longest value, in characters. */
  static final int MOST = 256;

  private static final String NOTHING = "-";
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final String key;

  @SuppressWarnings("ImmutableEnumChecker") // the functions hold nothing
  private final Function<Ledger, String> value;

  Attribute(String key, Function<Ledger, String> value) {
    this.key = key;
    this.value = value;
  }

  /** The name of the request attribute. */
  public String key() {
    return key;
  }

  /** The value for one exchange; empty where there is none. */
  public String of(Ledger ledger) {
    return printable(value.apply(ledger));
  }

  private static String requestType(Ledger ledger) {
    if (ledger.protocol().isEmpty()) {
      return "traditional_http";
    }
    return ledger.stream() ? "ai_stream" : "ai_chat";
  }

  private static String hasToolCalls(Ledger ledger) {
    return Boolean.toString(
        ledger.lastAttempt().filter(attempt -> attempt.answer().toolCalls() > 0).isPresent());
  }

  private static String answer(Ledger ledger, Function<Answer, String> part) {
    return ledger.lastAttempt().map(Attempt::answer).map(part).orElse("");
  }

  private static String tokens(long count) {
    return Long.toString(Usage.orZero(count));
  }

  private static String millis(Ledger ledger, ToLongFunction<Attempt> time) {
    LongUnaryOperator toMillis = nanos -> nanos == Attempt.NEVER ? 0 : nanos / NANOS_PER_MILLI;
    return Long.toString(ledger
        .lastAttempt()
        .map(attempt -> toMillis.applyAsLong(time.applyAsLong(attempt)))
        .orElse(0L));
  }

  private static String seconds(long nanos) {
    if (nanos == Attempt.NEVER) {
      return NOTHING;
    }
    long millis = nanos / NANOS_PER_MILLI;
    long rest = millis % 1000;
    return millis / 1000 + (rest < 10 ? ".00" : rest < 100 ? ".0" : ".") + rest;
  }

  private static String status(Attempt attempt) {
    return attempt.status() == 0 ? NOTHING : Integer.toString(attempt.status());
  }

  private static String each(Ledger ledger, Function<Attempt, String> part) {
    return switch (ledger.attempts().size()) {
      case 0 -> "";
      case 1 -> part.apply(ledger.attempts().get(0));
      default -> ledger.attempts().stream().map(part).collect(Collectors.joining(", "));
    };
  }

  /** What comes from a client may hold line ends, quotes and other means to forge a line. */
  private static String printable(String text) {
    int end = Math.min(MOST, text.length());
    for (int i = 0; i < end; i++) {
      if (!isSafe(text.charAt(i))) {
        return cleaned(text, end);
      }
    }
    return end == text.length() ? text : text.substring(0, end);
  }

  private static String cleaned(String text, int end) {
    StringBuilder clean = new StringBuilder(end);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      clean.append(isSafe(c) ? c : '_');
    }
    return clean.toString();
  }

  private static boolean isSafe(char c) {
    if (c < 0x7f) {
      return c >= ' ' && c != '"' && c != '\\';
    }
    int type = Character.getType(c);
    return type != Character.CONTROL
        && type != Character.FORMAT
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR
        && type != Character.SURROGATE
        && type != Character.UNASSIGNED;
  }
}
