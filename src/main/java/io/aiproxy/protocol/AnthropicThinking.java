package io.aiproxy.protocol;

import static io.aiproxy.protocol.AnthropicRequestReader.BUDGET;
import static io.aiproxy.protocol.AnthropicRequestReader.DISPLAY;
import static io.aiproxy.protocol.AnthropicRequestReader.THINKING;
import static io.aiproxy.protocol.DialectJson.typed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Reasoning;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Setting;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How much Claude is to think, in tokens: other protocols mostly say how much effort is to be made. The bounds are those of
 * Anthropic's guide to extended thinking; the budgets are the least ones that Apache APISIX reads as these efforts.
 */
final class AnthropicThinking {
  /**
   * How much may be written if the client does not say, besides what is thought: Anthropic insists on a bound, and this one
   * every Claude model can keep.
   */
  static final long DEFAULT_MAX_TOKENS = 4096;

  /** The smallest budget that Anthropic takes. */
  private static final long LEAST = 1024;

  private static final String MEDIUM = "medium";
  private static final Map<String, Long> BUDGETS = Map.of(
      "minimal", LEAST, "low", LEAST, MEDIUM, 2048L, "high", 4096L, "xhigh", 8192L, "max", 16384L);

  private static final Set<String> FORCED = Set.of("any", "tool");
  private static final String MAX_TOKENS = "max_tokens";

  private final Request request;
  private final ObjectNode body;
  private final Losses losses;

  /**
   * Begins to write.
   *
   * @param body with all of the request but this
   */
  AnthropicThinking(Request request, ObjectNode body, Losses losses) {
    this.request = request;
    this.body = body;
    this.losses = losses;
  }

  /** Writes whether and how much to think, and the bound of all that is written. */
  void write() {
    long thinking = request.reasoning().map(this::write).orElse(0L);
    if (!body.has(MAX_TOKENS)) {
      body.put(MAX_TOKENS, DEFAULT_MAX_TOKENS + thinking);
    }
  }

  private long write(Reasoning reasoning) {
    if (reasoning.origin().protocol().equals(AnthropicMessages.NAME)) {
      return again(reasoning);
    }
    boolean isOff = !reasoning.enabled().orElse(true) || reasoning.effort().equals("none");
    long wanted = isOff ? 0 : wanted(reasoning);
    long budget = wanted > 0 && isPossible() ? within(Math.max(LEAST, wanted)) : 0;
    if (budget > 0) {
      ObjectNode thinking = typed("enabled").put(BUDGET, budget);
      if (!reasoning.shown().orElse(true)) {
        thinking.put(DISPLAY, "omitted");
      }
      reasoning.origin().into(thinking, AnthropicMessages.NAME, losses);
      body.set(THINKING, thinking);
      dropSampling();
    } else if (!isOff) {
      losses.drop(reasoning.origin().path());
    }
    return budget;
  }

  /** As it was. */
  private long again(Reasoning reasoning) {
    boolean isOn = reasoning.enabled().orElse(true);
    ObjectNode thinking =
        typed(isOn ? reasoning.budget().isPresent() ? "enabled" : "adaptive" : "disabled");
    reasoning.budget().ifPresent(budget -> thinking.put(BUDGET, budget));
    reasoning.shown().ifPresent(shown -> thinking.put(DISPLAY, shown ? "summarized" : "omitted"));
    reasoning.origin().into(thinking, AnthropicMessages.NAME, losses);
    body.set(THINKING, thinking);
    return reasoning.budget().orElse(0);
  }

  /** In tokens; 0 if it cannot be told. */
  private static long wanted(Reasoning reasoning) {
    if (reasoning.budget().isPresent() && reasoning.budget().getAsLong() >= 0) {
      return reasoning.budget().getAsLong();
    }
    if (!reasoning.effort().isEmpty()) {
      return BUDGETS.getOrDefault(reasoning.effort(), 0L);
    }
    return reasoning.enabled().isPresent() ? BUDGETS.getOrDefault(MEDIUM, LEAST) : 0;
  }

  /**
   * Anthropic refuses to think when a tool is forced, and when the model goes on after the results of calls that it made
   * without the thoughts that led to them.
   */
  private boolean isPossible() {
    boolean isForced = FORCED.contains(body.path("tool_choice").path("type").asText());
    JsonNode last = body.path("messages").path(body.path("messages").size() - 2);
    JsonNode content = last.path("content");
    boolean hasCalls =
        last.path("role").asText().equals("assistant") && has(content, Set.of("tool_use"));
    boolean hasThoughts = has(content, Set.of(THINKING, "redacted_thinking"));
    return !isForced && (!hasCalls || hasThoughts);
  }

  private static boolean has(JsonNode content, Set<String> types) {
    for (JsonNode block : content) {
      if (types.contains(block.path("type").asText())) {
        return true;
      }
    }
    return false;
  }

  /** Thinking counts among what may be written: at most half of it, or none. */
  private long within(long budget) {
    JsonNode most = body.path(MAX_TOKENS);
    if (!most.isNumber() || most.asLong() > budget) {
      return budget;
    }
    long half = most.asLong() / 2;
    return half < LEAST ? 0 : half;
  }

  /** What Anthropic refuses beside thinking. */
  private void dropSampling() {
    drop(Setting.TEMPERATURE, 1);
    drop(Setting.TOP_K, Double.NaN);
    JsonNode topP = body.path("top_p");
    if (topP.asDouble(1) < 0.95) {
      drop(Setting.TOP_P, Double.NaN);
    }
  }

  private void drop(Setting setting, double taken) {
    Optional.ofNullable(AnthropicRequestReader.SETTINGS.get(setting))
        .filter(name -> body.has(name) && body.path(name).asDouble() != taken)
        .ifPresent(name -> {
          body.remove(name);
          Optional.ofNullable(request.settings().get(setting))
              .ifPresent(given -> losses.drop(given.path()));
        });
  }
}
