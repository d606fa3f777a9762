package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Format;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Reasoning;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Setting;
import io.aiproxy.neutral.Tool;
import io.aiproxy.neutral.ToolChoice;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** Writes a request of Ollama's chat. One per request. */
final class OllamaRequestWriter {
  private static final String NAME = OllamaChatDialect.NAME;

  /** Where settings stand in {@code options}. */
  static final Map<Setting, String> OPTIONS = Collections.unmodifiableMap(new EnumMap<>(Map.of(
      Setting.MAX_TOKENS, "num_predict",
      Setting.TEMPERATURE, "temperature",
      Setting.TOP_P, "top_p",
      Setting.TOP_K, "top_k",
      Setting.MIN_P, "min_p",
      Setting.SEED, "seed",
      Setting.STOP, "stop",
      Setting.FREQUENCY_PENALTY, "frequency_penalty",
      Setting.PRESENCE_PENALTY, "presence_penalty")));

  private static final Set<String> EFFORTS = Set.of("low", "medium", "high");

  private final Losses losses;

  OllamaRequestWriter(Losses losses) {
    this.losses = losses;
  }

  ObjectNode write(Request request) {
    ObjectNode written = JsonNodeFactory.instance.objectNode();
    if (!request.model().isEmpty()) {
      written.put("model", request.model());
    }
    ArrayNode messages = written.putArray("messages");
    request.messages().forEach(message -> new OllamaMessages(messages, losses).write(message));
    tools(request, written);
    request.format().ifPresent(format -> format(format, written));
    request.reasoning().ifPresent(reasoning -> reasoning(reasoning, written));
    written.put("stream", request.stream()); // left out it would be true
    settings(request, written);
    Nesting.restore(request.origin(), written, "options", NAME, losses);
    return written;
  }

  private void settings(Request request, ObjectNode written) {
    request.settings().forEach((setting, given) -> {
      if (OPTIONS.containsKey(setting)) {
        written.withObjectProperty("options").set(OPTIONS.get(setting), given.value());
      } else {
        Usual.drop(setting, given, losses);
      }
    });
  }

  /** A model that is to call none is offered none; it cannot be made to call one. */
  private void tools(Request request, ObjectNode written) {
    ToolChoice.Mode mode = request.toolChoice().map(ToolChoice::mode).orElse(ToolChoice.Mode.AUTO);
    request.toolChoice().ifPresent(choice -> {
      if (mode == ToolChoice.Mode.ANY || mode == ToolChoice.Mode.NAMED) {
        losses.drop(choice.origin().path());
      }
      choice.origin().into(JsonNodeFactory.instance.objectNode(), NAME, losses);
    });
    if (mode != ToolChoice.Mode.NONE && !request.tools().isEmpty()) {
      ArrayNode tools = JsonNodeFactory.instance.arrayNode();
      request.tools().forEach(tool -> tool(tool, tools));
      written.set("tools", tools);
    }
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
    }
    if (function.strict().orElse(false)) {
      losses.drop(Term.STRICT.at(function.origin()));
    }
    function.cache().ifPresent(cache -> losses.drop(Term.CACHE.at(function.origin())));
    Nesting.restore(function.origin(), written, "function", NAME, losses);
  }

  /** A schema is always held to; its name is no more than a label. */
  private void format(Format format, ObjectNode written) {
    switch (format.kind()) {
      case TEXT -> {}
      case OBJECT -> written.put("format", "json");
      case SCHEMA -> written.set("format", format.schema());
    }
    if (!format.description().isEmpty()) {
      losses.drop(Term.DESCRIPTION.at(format.origin()));
    }
    format.origin().into(JsonNodeFactory.instance.objectNode(), NAME, losses);
  }

  /** Ollama knows three efforts, or that there is to be any. */
  private void reasoning(Reasoning reasoning, ObjectNode written) {
    String effort = reasoning.effort();
    boolean isOwn = reasoning.origin().protocol().equals(NAME) && !effort.isEmpty();
    if (isOwn || EFFORTS.contains(effort)) {
      written.put("think", effort);
    } else if (effort.equals("none")) {
      written.put("think", false);
    } else if (!effort.isEmpty()) {
      written.put("think", effort.equals("minimal") ? "low" : "high");
    } else if (reasoning.enabled().isPresent() || reasoning.budget().isPresent()) {
      written.put("think", reasoning.enabled().orElse(true));
    }
    if (reasoning.budget().isPresent()) {
      losses.drop(Term.BUDGET.at(reasoning.origin()));
    }
    Usual.dropShown(reasoning, losses);
    reasoning.origin().into(JsonNodeFactory.instance.objectNode(), NAME, losses);
  }
}
