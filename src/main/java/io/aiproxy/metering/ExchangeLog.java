package io.aiproxy.metering;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.aiproxy.config.Logging;
import io.aiproxy.json.JsonValue;
import io.aiproxy.json.Mappers;
import io.aiproxy.ledger.Answer;
import io.aiproxy.ledger.Attempt;
import io.aiproxy.ledger.Attribute;
import io.aiproxy.ledger.Ledger;
import io.aiproxy.usage.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line of JSON an exchange, where a route asks for it: figures on the logger {@code io.aiproxy.summary}, prompt and answer
 * on {@code io.aiproxy.payload}. Neither has headers, so neither has a credential.
 */
public final class ExchangeLog {
  private static final Logger SUMMARY = LoggerFactory.getLogger("io.aiproxy.summary");
  private static final Logger PAYLOAD = LoggerFactory.getLogger("io.aiproxy.payload");
  private static final JsonMapper JSON = Mappers.mapper().build();

  /** The most of a prompt that is logged, in bytes. */
  private static final int MOST_PROMPT = 64 * 1024;

  private ExchangeLog() {}

  /**
   * Writes what the route asks for.
   *
   * @param request empty if the client's body was never read
   */
  public static void write(Logging logging, Ledger ledger, Optional<JsonValue> request) {
    if (logging.summaries()) {
      SUMMARY.info("{}", line(summary(ledger)));
    }
    if (logging.payloads()) {
      request.ifPresent(body -> PAYLOAD.info("{}", line(payload(ledger, body))));
    }
  }

  private static ObjectNode summary(Ledger ledger) {
    Usage usage = ledger.usage();
    ObjectNode summary = JsonNodeFactory.instance.objectNode();
    summary.put("ai_request_id", ledger.id());
    summary.put("route", Attribute.AI_ROUTE.of(ledger));
    summary.put("consumer", Attribute.AI_CONSUMER.of(ledger));
    summary.put("request_model", Attribute.REQUEST_LLM_MODEL.of(ledger));
    summary.put("model", Attribute.LLM_MODEL.of(ledger));
    summary.put("duration", number(Attribute.LLM_TIME_TO_FIRST_TOKEN, ledger));
    summary.put("prompt_tokens", Usage.orZero(usage.prompt()));
    summary.put("completion_tokens", Usage.orZero(usage.completion()));
    summary.put("total_tokens", usage.sum());
    summary.put("upstream_response_time", Attribute.UPSTREAM_RESPONSE_TIME.of(ledger));
    summary.put("stream", Boolean.toString(ledger.stream()));
    summary.put("tool_count", ledger.tools());
    summary.put("has_tool_calls", Attribute.LLM_HAS_TOOL_CALLS.of(ledger));
    summary.put("end_user_id", Attribute.LLM_END_USER_ID.of(ledger));
    summary.put("cache_read_input_tokens", Usage.orZero(usage.cacheRead()));
    summary.put("cache_creation_input_tokens", Usage.orZero(usage.cacheWrite()));
    summary.put("reasoning_tokens", Usage.orZero(usage.reasoning()));
    summary.put("usage_source", ledger.usageSource().word());
    summary.put("finish_reason", Attribute.LLM_FINISH_REASON.of(ledger));
    summary.put("outcome", ledger.outcome());
    return summary;
  }

  private static ObjectNode payload(Ledger ledger, JsonValue body) {
    ObjectNode payload = JsonNodeFactory.instance.objectNode();
    payload.put("ai_request_id", ledger.id());
    ObjectNode request = payload.putObject("llm_request");
    body.member("messages")
        .or(() -> body.member("input"))
        .ifPresent(prompt -> request.set("messages", bounded(prompt)));
    request.put("stream", ledger.stream());
    String text = ledger
        .lastAttempt()
        .map(Attempt::answer)
        .map(Answer::text)
        .map(Answer.Text::toString)
        .orElse("");
    payload.putObject("llm_response_text").put("content", text);
    return payload;
  }

  /** A prompt as it is; the beginning of a long one as text, since it is no JSON any more. */
  private static JsonNode bounded(JsonValue prompt) {
    int length = prompt.to() - prompt.from();
    if (length > MOST_PROMPT) {
      return TextNode.valueOf(
          new String(prompt.bytes(), prompt.from(), MOST_PROMPT, StandardCharsets.UTF_8));
    }
    try {
      return JSON.readTree(prompt.bytes(), prompt.from(), length);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static long number(Attribute attribute, Ledger ledger) {
    return Long.parseLong(attribute.of(ledger));
  }

  private static String line(ObjectNode node) {
    try {
      return escaped(JSON.writeValueAsString(node));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** What a reader of logs could take for the end of a line, or a terminal for a command, only ever stands in strings. */
  private static String escaped(String json) {
    StringBuilder line = new StringBuilder(json.length());
    json.chars().forEach(c -> {
      if (breaksLines(c)) {
        line.append("\\u").append(HexFormat.of().toHexDigits((char) c));
      } else {
        line.append((char) c);
      }
    });
    return line.toString();
  }

  private static boolean breaksLines(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
