package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Tool;
import io.aiproxy.neutral.ToolChoice;
import io.aiproxy.neutral.ToolChoice.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Google's tools: lists of functions, and those that it runs itself. */
final class GeminiTools {
  private static final String FUNCTIONS = "functionDeclarations";
  private static final String CALLING = "functionCallingConfig";
  private static final Set<String> FUNCTION_MEMBERS =
      Set.of("name", "description", "parameters", "parametersJsonSchema");

  private GeminiTools() {}

  static List<Tool> read(JsonNode tools) {
    List<Tool> read = new ArrayList<>();
    List<ObjectNode> all = GeminiJson.objects(tools);
    for (int i = 0; i < all.size(); i++) {
      String path = "tools[" + i + "]";
      functions(all.get(i).path(FUNCTIONS), path, read);
      all.get(i).remove(FUNCTIONS);
      all.get(i)
          .properties()
          .forEach(own -> read.add(new Tool.Builtin(
              GeminiJson.object().set(own.getKey(), own.getValue()),
              new Origin(GeminiJson.PROTOCOL, path + "." + own.getKey(), GeminiJson.object()))));
    }
    return read;
  }

  private static void functions(JsonNode list, String path, List<Tool> out) {
    List<ObjectNode> functions = GeminiJson.objects(list);
    for (int i = 0; i < functions.size(); i++) {
      ObjectNode function = functions.get(i);
      out.add(new Tool.Function(
          GeminiJson.text(function, "name"),
          GeminiJson.text(function, "description"),
          function.has("parametersJsonSchema")
              ? function.get("parametersJsonSchema")
              : GeminiSchema.toJson(function.path("parameters")),
          Optional.empty(),
          Optional.empty(),
          GeminiJson.origin(path + "." + FUNCTIONS + "[" + i + "]", function, FUNCTION_MEMBERS)));
    }
  }

  /** Several names that are allowed are more than others can say, as is a mode that they do not have. */
  static Optional<ToolChoice> choice(ObjectNode toolConfig) {
    if (!toolConfig.path(CALLING).isObject()) {
      return Optional.empty();
    }
    ObjectNode calling = GeminiJson.usual(toolConfig.get(CALLING));
    String mode = GeminiJson.text(calling, "mode");
    JsonNode names = calling.path("allowedFunctionNames");
    boolean isNamed = mode.equals("ANY") && names.size() == 1;
    boolean isKnown = Set.of("AUTO", "ANY", "NONE").contains(mode);
    Set<String> understood =
        isNamed ? Set.of("mode", "allowedFunctionNames") : isKnown ? Set.of("mode") : Set.of();
    Mode said = isNamed ? Mode.NAMED : isKnown ? Mode.valueOf(mode) : Mode.AUTO;
    return Optional.of(new ToolChoice(
        said,
        isNamed ? names.get(0).asText() : "",
        GeminiJson.origin("toolConfig." + CALLING, calling, understood)));
  }

  static void write(Request request, ObjectNode body, Losses losses) {
    ArrayNode tools = JsonNodeFactory.instance.arrayNode();
    Optional<ArrayNode> functions = Optional.empty();
    for (Tool tool : request.tools()) {
      if (tool instanceof Tool.Function function) {
        ArrayNode list = functions.orElseGet(() -> tools.addObject().putArray(FUNCTIONS));
        functions = Optional.of(list);
        list.add(function(function, losses));
      } else if (tool instanceof Tool.Builtin own && GeminiJson.isOwn(own.origin())) {
        tools.add(own.json());
      } else {
        losses.drop(tool.origin().path());
      }
    }
    if (!tools.isEmpty()) {
      body.set("tools", tools);
    }
    boolean callable = functions.isPresent();
    request.toolChoice().ifPresent(choice -> choice(choice, callable, body, losses));
  }

  private static ObjectNode function(Tool.Function function, Losses losses) {
    ObjectNode written = GeminiJson.object().put("name", function.name());
    if (!function.description().isEmpty()) {
      written.put("description", function.description());
    }
    if (function.parameters().isObject()) {
      written.set("parametersJsonSchema", function.parameters());
    }
    if (function.strict().equals(Optional.of(true))) {
      losses.drop(Term.STRICT.at(function.origin()));
    }
    if (function.cache().isPresent()) {
      losses.drop(Term.CACHE.at(function.origin()));
    }
    GeminiJson.restore(function.origin(), written, losses);
    return written;
  }

  /** Without functions there is nothing to choose, and Google refuses a choice. */
  private static void choice(ToolChoice choice, boolean callable, ObjectNode body, Losses losses) {
    if (!callable && !GeminiJson.isOwn(choice.origin())) {
      if (choice.mode() == Mode.ANY || choice.mode() == Mode.NAMED) {
        losses.drop(choice.origin().path());
      }
      return;
    }
    ObjectNode calling = body.putObject("toolConfig").putObject(CALLING);
    calling.put("mode", choice.mode() == Mode.NAMED ? "ANY" : choice.mode().name());
    if (choice.mode() == Mode.NAMED) {
      calling.putArray("allowedFunctionNames").add(choice.name());
    }
    GeminiJson.restore(choice.origin(), calling, losses);
  }
}
