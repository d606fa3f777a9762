package io.aiproxy.protocol;

import static io.aiproxy.neutral.Setting.CACHE_KEY;
import static io.aiproxy.neutral.Setting.CANDIDATES;
import static io.aiproxy.neutral.Setting.FREQUENCY_PENALTY;
import static io.aiproxy.neutral.Setting.LOGPROBS;
import static io.aiproxy.neutral.Setting.MAX_TOKENS;
import static io.aiproxy.neutral.Setting.METADATA;
import static io.aiproxy.neutral.Setting.MIN_P;
import static io.aiproxy.neutral.Setting.PARALLEL_TOOL_CALLS;
import static io.aiproxy.neutral.Setting.PRESENCE_PENALTY;
import static io.aiproxy.neutral.Setting.SEED;
import static io.aiproxy.neutral.Setting.SERVICE_TIER;
import static io.aiproxy.neutral.Setting.STOP;
import static io.aiproxy.neutral.Setting.STORE;
import static io.aiproxy.neutral.Setting.TEMPERATURE;
import static io.aiproxy.neutral.Setting.TOP_K;
import static io.aiproxy.neutral.Setting.TOP_LOGPROBS;
import static io.aiproxy.neutral.Setting.TOP_P;
import static io.aiproxy.neutral.Setting.USER;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Given;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Setting;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The settings of a chat by the names that its providers have for them. */
final class OpenAiChatSettings {
  private static final String STOPS = "stop";

  /** Of two names for one thing the first counts. The last column: whether OpenAI itself knows it. */
  private static final List<Name> NAMES = List.of(
      new Name("max_completion_tokens", MAX_TOKENS, JsonNodeType.NUMBER, true),
      new Name("max_tokens", MAX_TOKENS, JsonNodeType.NUMBER, true),
      new Name("temperature", TEMPERATURE, JsonNodeType.NUMBER, true),
      new Name("top_p", TOP_P, JsonNodeType.NUMBER, true),
      new Name("top_k", TOP_K, JsonNodeType.NUMBER, false),
      new Name("min_p", MIN_P, JsonNodeType.NUMBER, false),
      new Name("seed", SEED, JsonNodeType.NUMBER, true),
      new Name("random_seed", SEED, JsonNodeType.NUMBER, false),
      new Name("frequency_penalty", FREQUENCY_PENALTY, JsonNodeType.NUMBER, true),
      new Name("presence_penalty", PRESENCE_PENALTY, JsonNodeType.NUMBER, true),
      new Name("n", CANDIDATES, JsonNodeType.NUMBER, true),
      new Name("logprobs", LOGPROBS, JsonNodeType.BOOLEAN, true),
      new Name("top_logprobs", TOP_LOGPROBS, JsonNodeType.NUMBER, true),
      new Name("parallel_tool_calls", PARALLEL_TOOL_CALLS, JsonNodeType.BOOLEAN, true),
      new Name("metadata", METADATA, JsonNodeType.OBJECT, true),
      new Name("service_tier", SERVICE_TIER, JsonNodeType.STRING, true),
      new Name("prompt_cache_key", CACHE_KEY, JsonNodeType.STRING, true),
      new Name("store", STORE, JsonNodeType.BOOLEAN, true),
      new Name("safety_identifier", USER, JsonNodeType.STRING, false), // others know "user" alone
      new Name("user", USER, JsonNodeType.STRING, true));

  private record Name(String text, Setting setting, JsonNodeType type, boolean common) {}

  private OpenAiChatSettings() {}

  /**
   * Reads all there are.
   *
   * @param understood is told their names
   */
  static Map<Setting, Given> read(Place body, Set<String> understood) {
    Map<Setting, Given> settings = new EnumMap<>(Setting.class);
    for (Name name : NAMES) {
      JsonNode value = body.member(name.text());
      if (!value.isMissingNode() && !settings.containsKey(name.setting())) {
        if (value.getNodeType() != name.type()) {
          throw Place.bad(name.text(), "must be " + described(name.type()));
        }
        settings.put(name.setting(), new Given(name.text(), value));
        understood.add(name.text());
      }
    }
    if (body.has(STOPS)) {
      settings.put(STOP, new Given(STOPS, stops(body.member(STOPS))));
      understood.add(STOPS);
    }
    return settings;
  }

  private static String described(JsonNodeType type) {
    return switch (type) {
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      case STRING -> "a string";
      default -> "an object";
    };
  }

  private static JsonNode stops(JsonNode stops) {
    if (stops.isTextual()) {
      return JsonNodeFactory.instance.arrayNode().add(stops);
    }
    if (!stops.isArray()) {
      throw Place.bad(STOPS, "must be a string or an array of strings");
    }
    for (int i = 0; i < stops.size(); i++) {
      if (!stops.get(i).isTextual()) {
        throw Place.bad(STOPS + "[" + i + "]", "must be a string");
      }
    }
    return stops;
  }

  /** Writes them, the client's own under the names that it gave them. */
  static void write(Request request, ObjectNode written, Losses losses) {
    boolean own = request.origin().protocol().equals(OpenAiChatDialect.PROTOCOL);
    request.settings().forEach((setting, given) -> {
      String name = own ? given.path() : foreign(setting);
      boolean isIdle = setting == PARALLEL_TOOL_CALLS && !own && request.tools().isEmpty();
      if (name.isEmpty()) {
        losses.drop(given.path());
      } else if (!isIdle) {
        written.set(name, given.value());
      }
    });
  }

  /** What OpenAI calls it; empty if it has no such thing. */
  private static String foreign(Setting setting) {
    return setting == STOP
        ? STOPS
        : NAMES.stream()
            .filter(name -> name.setting() == setting && name.common())
            .map(Name::text)
            .findFirst()
            .orElse("");
  }
}
