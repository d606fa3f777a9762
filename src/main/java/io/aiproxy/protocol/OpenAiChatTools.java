package io.aiproxy.protocol;

import static io.aiproxy.protocol.OpenAiChatDialect.PROTOCOL;

import com.fasterxml.jackson.databind.JsonNode;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Tool;
import io.aiproxy.neutral.ToolChoice;
import io.aiproxy.neutral.ToolChoice.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what the model may call: tools, and the functions that came before them. One per request. */
final class OpenAiChatTools {
  /** The older name of tools, which begins the paths of what stood there. */
  static final String FUNCTIONS = "functions";

  static final String FUNCTION_CALL = "function_call";
  static final String TOOL_CHOICE = "tool_choice";
  static final String CACHE_CONTROL = "cache_control";

  private static final String TOOLS = "tools";
  private static final String FUNCTION = "function";
  private static final String CUSTOM = "custom";
  private static final String ALLOWED = "allowed_tools";
  private static final Set<String> UNDERSTOOD =
      Set.of("name", "description", "parameters", "strict");

  private final Place body;
  private final Set<String> understood;

  OpenAiChatTools(Place body, Set<String> understood) {
    this.body = body;
    this.understood = understood;
  }

  List<Tool> read() {
    understood.add(TOOLS);
    understood.add(FUNCTIONS);
    List<Tool> tools = new ArrayList<>();
    body.objects(TOOLS).forEach(tool -> tools.add(tool(tool)));
    body.objects(FUNCTIONS)
        .forEach(function ->
            tools.add(function(function, Optional.empty(), function.origin(PROTOCOL, UNDERSTOOD))));
    return tools;
  }

  private static Tool tool(Place tool) {
    if (!tool.text("type").equals(FUNCTION) && !tool.has(FUNCTION)) {
      return new Tool.Builtin(
          tool.object(), new Origin(PROTOCOL, tool.path(), OpenAiJson.object()));
    }
    Place function = tool.object(FUNCTION);
    Optional<Place> cache =
        tool.has(CACHE_CONTROL) ? Optional.of(tool.object(CACHE_CONTROL)) : Optional.empty();
    return function(
        function,
        cache.map(control -> control.text("ttl")),
        tool.origin(PROTOCOL, Set.of("type", FUNCTION, CACHE_CONTROL), function, UNDERSTOOD));
  }

  private static Tool function(Place function, Optional<String> cache, Origin origin) {
    return new Tool.Function(
        function.needed("name"),
        function.text("description"),
        function.member("parameters"),
        function.flag("strict"),
        cache,
        origin);
  }

  Optional<ToolChoice> choice() {
    if (body.has(TOOL_CHOICE)) {
      understood.add(TOOL_CHOICE);
      return Optional.of(choice(TOOL_CHOICE));
    }
    if (body.has(FUNCTION_CALL)) {
      understood.add(FUNCTION_CALL);
      return Optional.of(choice(FUNCTION_CALL));
    }
    return Optional.empty();
  }

  private ToolChoice choice(String name) {
    JsonNode choice = body.member(name);
    if (choice.isTextual()) {
      return new ToolChoice(
          mode(name, choice.textValue()), "", new Origin(PROTOCOL, name, OpenAiJson.object()));
    }
    Place chosen = body.object(name);
    if (name.equals(FUNCTION_CALL)) {
      return named(chosen, chosen, Set.of("name"));
    }
    return switch (chosen.needed("type")) {
      case FUNCTION -> named(chosen, chosen.object(FUNCTION), Set.of("type", FUNCTION));
      case CUSTOM -> named(chosen, chosen.object(CUSTOM), Set.of("type", CUSTOM));
      case ALLOWED -> allowed(chosen);
      default -> throw Place.bad(chosen.at("type"), "must be function, custom or allowed_tools");
    };
  }

  private static ToolChoice named(Place chosen, Place tool, Set<String> understood) {
    return new ToolChoice(Mode.NAMED, tool.needed("name"), chosen.origin(PROTOCOL, understood));
  }

  /** Which tools are allowed only OpenAI can be told; whether one must be called others can. */
  private static ToolChoice allowed(Place chosen) {
    Place allowed = chosen.object(ALLOWED);
    return new ToolChoice(
        mode(allowed.at("mode"), allowed.needed("mode")),
        "",
        chosen.origin(PROTOCOL, Set.of("type")));
  }

  /** Mistral says any for required. */
  private static Mode mode(String path, String word) {
    return switch (word) {
      case "auto" -> Mode.AUTO;
      case "required", "any" -> Mode.ANY;
      case "none" -> Mode.NONE;
      default -> throw Place.bad(path, "must be auto, required, none or an object");
    };
  }
}
