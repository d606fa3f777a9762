package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Format;
import io.aiproxy.neutral.Given;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Reasoning;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Setting;
import io.aiproxy.neutral.Tool;
import io.aiproxy.neutral.ToolChoice;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes a request of Cohere's chat. One per request. */
final class CohereRequestWriter {
  private static final String NAME = CohereChatDialect.NAME;

  static final Map<Setting, String> SETTINGS = Collections.unmodifiableMap(new EnumMap<>(Map.of(
      Setting.MAX_TOKENS, "max_tokens",
      Setting.TEMPERATURE, "temperature",
      Setting.TOP_P, "p",
      Setting.TOP_K, "k",
      Setting.SEED, "seed",
      Setting.STOP, "stop_sequences",
      Setting.FREQUENCY_PENALTY, "frequency_penalty",
      Setting.PRESENCE_PENALTY, "presence_penalty",
      Setting.LOGPROBS, "logprobs")));

  /** The most that is sent as p, so that a foreign top_p of 1, which asks for nothing, is not refused. */
  private static final BigDecimal MOST_P = new BigDecimal("0.99");

  private final Losses losses;

  CohereRequestWriter(Losses losses) {
    this.losses = losses;
  }

  ObjectNode write(Request request) {
    ObjectNode written = JsonNodeFactory.instance.objectNode();
    if (!request.model().isEmpty()) {
      written.put("model", request.model());
    }
    ArrayNode messages = written.putArray("messages");
    request.messages().forEach(message -> new CohereMessages(messages, losses).write(message));
    tools(request, written);
    request.format().ifPresent(format -> format(format, written));
    request.reasoning().ifPresent(reasoning -> reasoning(reasoning, written));
    written.put("stream", request.stream());
    request.settings().forEach((setting, given) -> set(setting, given, request, written));
    request.origin().into(written, NAME, losses);
    return written;
  }

  private void set(Setting setting, Given given, Request request, ObjectNode written) {
    if (!SETTINGS.containsKey(setting)) {
      Usual.drop(setting, given, losses);
    } else if (setting == Setting.TOP_P
        && !request.origin().protocol().equals(NAME)
        && given.value().isNumber()
        && given.value().decimalValue().compareTo(MOST_P) > 0) {
      written.put("p", MOST_P);
    } else {
      written.set(SETTINGS.get(setting), given.value());
    }
  }

  /** A tool cannot be named: the model must call one, and is offered none but that. */
  private void tools(Request request, ObjectNode written) {
    Optional<ToolChoice> named =
        request.toolChoice().filter(choice -> choice.mode() == ToolChoice.Mode.NAMED);
    List<Tool> offered = request.tools().stream()
        .filter(tool -> named.isEmpty() || isNamed(tool, named.get().name()))
        .toList();
    if (!offered.isEmpty()) {
      ArrayNode tools = JsonNodeFactory.instance.arrayNode();
      offered.forEach(tool -> tool(tool, tools));
      written.set("tools", tools);
      strict(offered, written);
    }
    request.toolChoice().ifPresent(choice -> {
      switch (choice.mode()) {
        case AUTO -> {}
        case ANY, NAMED -> written.put("tool_choice", "REQUIRED");
        case NONE -> written.put("tool_choice", "NONE");
      }
      choice.origin().into(JsonNodeFactory.instance.objectNode(), NAME, losses);
    });
  }

  private static boolean isNamed(Tool tool, String name) {
    return tool instanceof Tool.Function function && function.name().equals(name);
  }

  private void tool(Tool tool, ArrayNode tools) {
    if (tool instanceof Tool.Function function) {
      function(function, tools.addObject());
    } else if (tool instanceof Tool.Builtin own && own.origin().protocol().equals(NAME)) {
      tools.add(own.json());
    } else {
      losses.drop(tool.origin().path());
    }
  }

  private void function(Tool.Function function, ObjectNode written) {
    ObjectNode inner = written.put("type", "function").putObject("function");
    inner.put("name", function.name());
    if (!function.description().isEmpty()) {
      inner.put("description", function.description());
    }
    if (!function.parameters().isMissingNode()) {
      inner.set("parameters", function.parameters());
    } else if (!function.origin().protocol().equals(NAME)) {
      inner.putObject("parameters").put("type", "object").putObject("properties");
    }
    function.cache().ifPresent(cache -> losses.drop(Term.CACHE.at(function.origin())));
    Nesting.restore(function.origin(), written, "function", NAME, losses);
  }

  /** Strict are all tools or none. */
  private void strict(List<Tool> tools, ObjectNode written) {
    List<Tool.Function> functions = tools.stream()
        .filter(Tool.Function.class::isInstance)
        .map(Tool.Function.class::cast)
        .toList();
    if (functions.isEmpty()) {
      return;
    }
    Optional<Boolean> first = functions.get(0).strict();
    boolean alike = functions.stream().allMatch(function -> function.strict().equals(first));
    if (alike) {
      first.ifPresent(strict -> written.put("strict_tools", strict));
    } else {
      functions.stream()
          .filter(function -> function.strict().orElse(false))
          .forEach(function -> losses.drop(Term.STRICT.at(function.origin())));
    }
  }

  /** A schema is always held to; its name is no more than a label. */
  private void format(Format format, ObjectNode written) {
    ObjectNode json = written.putObject("response_format");
    json.put("type", format.kind() == Format.Kind.TEXT ? "text" : "json_object");
    if (format.kind() == Format.Kind.SCHEMA) {
      json.set("json_schema", format.schema());
    }
    if (!format.description().isEmpty()) {
      losses.drop(Term.DESCRIPTION.at(format.origin()));
    }
    format.origin().into(json, NAME, losses);
  }

  /** How much a model thinks is bounded in tokens or not at all. */
  private void reasoning(Reasoning reasoning, ObjectNode written) {
    ObjectNode thinking = JsonNodeFactory.instance.objectNode();
    boolean isOff = reasoning.effort().equals("none");
    boolean isOwn = reasoning.origin().protocol().equals(NAME);
    boolean asks =
        !isOwn && (!reasoning.effort().isEmpty() || reasoning.budget().isPresent());
    Optional<Boolean> enabled = isOff
        ? Optional.of(false)
        : reasoning.enabled().or(() -> asks ? Optional.of(true) : Optional.empty());
    enabled.ifPresent(on -> thinking.put("type", on ? "enabled" : "disabled"));
    reasoning.budget().ifPresent(budget -> thinking.put("token_budget", budget));
    if (!reasoning.effort().isEmpty() && !isOff && reasoning.budget().isEmpty()) {
      losses.drop(reasoning.origin().path());
    }
    Usual.dropShown(reasoning, losses);
    reasoning.origin().into(thinking, NAME, losses);
    if (!thinking.isEmpty()) {
      written.set("thinking", thinking);
    }
  }
}
