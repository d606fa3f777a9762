package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Format;
import io.aiproxy.neutral.Given;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Reasoning;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Setting;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Google's {@code generationConfig}: sampling, the form of the answer, and how much to think. */
final class GeminiSettings {
  private static final String CONFIG = "generationConfig";
  private static final String THINKING = CONFIG + ".thinkingConfig";
  private static final String JSON_TYPE = "application/json";
  private static final Map<Setting, String> NAMES = new EnumMap<>(Map.ofEntries(
      Map.entry(Setting.MAX_TOKENS, "maxOutputTokens"),
      Map.entry(Setting.TEMPERATURE, "temperature"),
      Map.entry(Setting.TOP_P, "topP"),
      Map.entry(Setting.TOP_K, "topK"),
      Map.entry(Setting.SEED, "seed"),
      Map.entry(Setting.FREQUENCY_PENALTY, "frequencyPenalty"),
      Map.entry(Setting.PRESENCE_PENALTY, "presencePenalty"),
      Map.entry(Setting.STOP, "stopSequences"),
      Map.entry(Setting.CANDIDATES, "candidateCount"),
      Map.entry(Setting.LOGPROBS, "responseLogprobs"),
      Map.entry(Setting.TOP_LOGPROBS, "logprobs")));

  private static final Set<String> THOUGHT_MEMBERS =
      Set.of("includeThoughts", "thinkingBudget", "thinkingLevel");

  /** How many tokens of thought an effort is at Google's OpenAI surface (its guide "OpenAI compatibility"). */
  private static final Map<String, Long> BUDGETS =
      Map.of("none", 0L, "minimal", 1024L, "low", 1024L, "medium", 8192L, "high", 24576L);

  private static final Set<String> LEVELS = Set.of("minimal", "low", "medium", "high");
  private static final Set<String> HIGHEST = Set.of("xhigh", "max");

  private GeminiSettings() {}

  /** The members that have a neutral word; the others stay where they are. */
  static Set<String> understood(ObjectNode config) {
    Stream<String> format = format(config).isPresent()
        ? Stream.of("responseMimeType", "responseSchema", "responseJsonSchema")
        : Stream.of();
    Stream<String> thinking =
        config.path("thinkingConfig").isObject() ? Stream.of("thinkingConfig") : Stream.of();
    return Stream.of(NAMES.values().stream(), format, thinking)
        .flatMap(names -> names)
        .collect(Collectors.toUnmodifiableSet());
  }

  static Map<Setting, Given> settings(ObjectNode config) {
    Map<Setting, Given> settings = new EnumMap<>(Setting.class);
    NAMES.forEach((setting, name) -> {
      if (config.hasNonNull(name)) {
        settings.put(setting, new Given(CONFIG + "." + name, config.get(name)));
      }
    });
    return settings;
  }

  static Optional<Format> format(ObjectNode config) {
    String type = GeminiJson.text(config, "responseMimeType");
    JsonNode schema = config.has("responseJsonSchema")
        ? config.get("responseJsonSchema")
        : GeminiSchema.toJson(config.path("responseSchema"));
    Origin origin =
        new Origin(GeminiJson.PROTOCOL, CONFIG + ".responseMimeType", GeminiJson.object());
    return switch (type) {
      case "text/plain" ->
        Optional.of(format(Format.Kind.TEXT, GeminiJson.object().path(""), origin));
      case JSON_TYPE ->
        Optional.of(format(
            schema.isMissingNode() ? Format.Kind.OBJECT : Format.Kind.SCHEMA, schema, origin));
      default -> Optional.empty();
    };
  }

  private static Format format(Format.Kind kind, JsonNode schema, Origin origin) {
    return new Format(kind, "", "", schema, Optional.empty(), origin);
  }

  /** A budget of 0 turns it off, one of -1 leaves it to the model. */
  static Optional<Reasoning> reasoning(ObjectNode config) {
    if (!config.path("thinkingConfig").isObject()) {
      return Optional.empty();
    }
    ObjectNode thinking = GeminiJson.usual(config.get("thinkingConfig"));
    JsonNode budget = thinking.path("thinkingBudget");
    String level = GeminiJson.text(thinking, "thinkingLevel").toLowerCase(Locale.ROOT);
    return Optional.of(new Reasoning(
        budget.isIntegralNumber() ? Optional.of(budget.asLong() != 0) : Optional.empty(),
        level,
        budget.isIntegralNumber() && budget.asLong() > 0
            ? OptionalLong.of(budget.asLong())
            : OptionalLong.empty(),
        thinking.path("includeThoughts").isBoolean()
            ? Optional.of(thinking.get("includeThoughts").asBoolean())
            : Optional.empty(),
        GeminiJson.origin(THINKING, thinking, THOUGHT_MEMBERS)));
  }

  static ObjectNode written(Request request, Losses losses) {
    ObjectNode config = GeminiJson.object();
    request.settings().forEach((setting, given) -> set(setting, given, config, losses));
    request.format().ifPresent(format -> format(format, config, losses));
    request
        .reasoning()
        .ifPresent(reasoning -> thinking(reasoning, request.model(), config, losses));
    return config;
  }

  /** Several tools may always be called at once, so that is lost only if it is unwanted. */
  private static void set(Setting setting, Given given, ObjectNode config, Losses losses) {
    if (NAMES.containsKey(setting)) {
      config.set(NAMES.get(setting), given.value());
    } else if (setting != Setting.PARALLEL_TOOL_CALLS || !given.value().asBoolean(true)) {
      losses.drop(given.path());
    }
  }

  private static void format(Format format, ObjectNode config, Losses losses) {
    config.put("responseMimeType", format.kind() == Format.Kind.TEXT ? "text/plain" : JSON_TYPE);
    if (format.kind() == Format.Kind.SCHEMA) {
      config.set("responseJsonSchema", format.schema());
    }
    if (!format.description().isEmpty()) {
      losses.drop(Term.DESCRIPTION.at(format.origin()));
    }
    GeminiJson.restore(format.origin(), config, losses);
  }

  private static void thinking(
      Reasoning reasoning, String model, ObjectNode config, Losses losses) {
    ObjectNode thinking = GeminiJson.object();
    reasoning.shown().ifPresent(shown -> thinking.put("includeThoughts", shown));
    if (reasoning.enabled().equals(Optional.of(false))) {
      thinking.put("thinkingBudget", 0);
    } else if (reasoning.budget().isPresent()) {
      thinking.put("thinkingBudget", reasoning.budget().getAsLong());
    } else if (!reasoning.effort().isEmpty()) {
      effort(reasoning, model, thinking, losses);
    } else if (reasoning.enabled().isPresent()) {
      thinking.put("thinkingBudget", -1);
    }
    GeminiJson.restore(reasoning.origin(), thinking, losses);
    if (!thinking.isEmpty()) {
      config.set("thinkingConfig", thinking);
    }
  }

  /** Levels are for Gemini 3 and later, which still take budgets; older models take nothing else. */
  private static void effort(
      Reasoning reasoning, String model, ObjectNode thinking, Losses losses) {
    String effort = HIGHEST.contains(reasoning.effort()) ? "high" : reasoning.effort();
    boolean byLevel = GeminiJson.isOwn(reasoning.origin()) || model.startsWith("gemini-3");
    if (byLevel && LEVELS.contains(effort)) {
      thinking.put("thinkingLevel", effort.toUpperCase(Locale.ROOT));
    } else if (BUDGETS.containsKey(effort)) {
      thinking.put("thinkingBudget", BUDGETS.getOrDefault(effort, 0L));
    } else {
      losses.drop(reasoning.origin().at("effort"));
    }
  }
}
