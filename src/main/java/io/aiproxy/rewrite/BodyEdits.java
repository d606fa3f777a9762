package io.aiproxy.rewrite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.config.AiProxy;
import io.aiproxy.json.BadJson;
import io.aiproxy.json.JsonEditor;
import io.aiproxy.json.JsonValue;
import io.aiproxy.provider.Provider;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What configuration changes in the body of a request in one protocol. The order is APISIX's, each step sees what the one
 * before did: usage of streams, {@code options}, {@code llm_options}, {@code request_body}, and last
 * the model and {@code stream}, which go where the address says them.
 */
final class BodyEdits {
  private static final Set<String> ASKED_FOR_USAGE = Set.of("openai-chat", "openai-completions");

  /** Anthropic refuses a member here that does not make a request longer, such as {@code max_tokens}. */
  private static final String COUNT_TOKENS = "anthropic-count-tokens";

  private static final String MODEL = "model";
  private static final String STREAM = "stream";
  private static final String STREAM_OPTIONS = "stream_options";
  private static final String INCLUDE_USAGE = "include_usage";
  private static final ObjectNode ASK_FOR_USAGE =
      JsonNodeFactory.instance.objectNode().put(INCLUDE_USAGE, true);

  private final boolean isAskedForUsage;
  private final Optional<Boolean> forcedStream;
  private final boolean otherwiseStream;
  private final Map<String, byte[]> set = new LinkedHashMap<>();
  private final List<String> removed;
  private final ObjectNode forced;
  private final ObjectNode merged;
  private final boolean force;
  private final boolean takesModel;
  private final boolean takesStream;

  /**
   * A request as it goes out.
   *
   * @param model what the upstream is asked for; empty if the request names none
   * @param hidesUsage whether usage was asked for although the client did not
   */
  record Edited(JsonEditor body, String model, boolean hidesUsage) {}

  BodyEdits(AiProxy settings, String protocol) {
    Provider provider = settings.provider();
    isAskedForUsage = ASKED_FOR_USAGE.contains(protocol);
    settings.options().properties().stream()
        .filter(option -> option.getKey().equals(MODEL) || !protocol.equals(COUNT_TOKENS))
        .forEach(option -> set.put(option.getKey(), JsonEditor.encode(option.getValue())));
    Optional<String> bound = settings.override().maxTokens().isPresent()
        ? provider.maxTokens(protocol)
        : Optional.empty();
    forced = JsonNodeFactory.instance.objectNode();
    bound.ifPresent(place -> bound(place, settings.override().maxTokens().getAsInt()));
    removed = bound.isPresent() ? provider.replacedByMaxTokens(protocol) : List.of();
    merged = settings
        .override()
        .requestBody()
        .getOrDefault(protocol, JsonNodeFactory.instance.objectNode());
    force = settings.override().force();
    takesModel = provider.takesModel(protocol);
    takesStream = provider.path(protocol).equals(provider.streamPath(protocol));
    forcedStream = Optional.ofNullable(
            force && merged.has(STREAM)
                ? merged.get(STREAM)
                : settings.options().get(STREAM))
        .map(JsonNode::asBoolean);
    otherwiseStream = merged.path(STREAM).asBoolean();
  }

  Edited apply(JsonValue request) throws BadJson {
    JsonEditor body = new JsonEditor(request);
    boolean hidesUsage = isAskedForUsage && askForUsage(body);
    set.forEach(body::set);
    removed.forEach(body::remove);
    if (!forced.isEmpty()) {
      body.merge(forced, true);
    }
    body.merge(merged, force);
    String model = text(body.value(MODEL));
    if (!takesModel) {
      body.remove(MODEL);
    }
    if (!takesStream) {
      body.remove(STREAM);
    }
    return new Edited(body, model, hidesUsage);
  }

  /** Whether the client has to be spared the answer. */
  private boolean askForUsage(JsonEditor body) throws BadJson {
    boolean streams = forcedStream.orElseGet(
        () -> body.value(STREAM).map(JsonValue::isTrue).orElse(otherwiseStream));
    if (!streams) {
      if (forcedStream.isPresent()) {
        body.remove(STREAM_OPTIONS); // providers refuse it without a stream
      }
      return false;
    }
    Optional<JsonValue> own =
        body.value(STREAM_OPTIONS).filter(value -> value.kind() == JsonValue.Kind.OBJECT);
    if (own.flatMap(value -> value.member(INCLUDE_USAGE))
        .filter(JsonValue::isTrue)
        .isPresent()) {
      return false;
    }
    if (own.isPresent()) {
      body.merge(JsonNodeFactory.instance.objectNode().set(STREAM_OPTIONS, ASK_FOR_USAGE), true);
    } else {
      body.set(STREAM_OPTIONS, JsonEditor.encode(ASK_FOR_USAGE));
    }
    return true;
  }

  private static String text(Optional<JsonValue> value) {
    return value
        .filter(model -> model.kind() == JsonValue.Kind.STRING)
        .map(JsonValue::text)
        .orElse("");
  }

  private void bound(String place, int most) {
    String[] names = place.split("\\.", -1);
    if (names.length == 1) {
      set.put(place, Integer.toString(most).getBytes(StandardCharsets.US_ASCII));
      return;
    }
    ObjectNode at = forced;
    for (int i = 0; i < names.length - 1; i++) {
      at = at.putObject(names[i]);
    }
    at.put(names[names.length - 1], most);
  }
}
