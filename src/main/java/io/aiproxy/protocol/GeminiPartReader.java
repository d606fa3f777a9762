package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Part.Media;
import io.aiproxy.neutral.Part.Source;
import io.aiproxy.neutral.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads Google's parts. The signature of a part that is no thought is that of one without words before it. For one request or
 * answer, and one thread.
 */
final class GeminiPartReader {
  private static final String SIGNATURE = "thoughtSignature";
  private static final Set<String> TEXT = Set.of("text", "thought", SIGNATURE);
  private static final Set<String> CALL = Set.of("functionCall", SIGNATURE, "thought");
  private static final Set<String> CALL_MEMBERS = Set.of("id", "name", "args");
  private static final Set<String> RESULT_MEMBERS = Set.of("id", "name", "response", "parts");
  private static final Set<String> BLOB = Set.of("mimeType", "data", "displayName");
  private static final Set<String> FILE = Set.of("mimeType", "fileUri", "displayName");
  private static final Set<String> ANSWER = Set.of("output");
  private static final Set<String> ERROR = Set.of("error");

  private final GeminiCalls calls;

  GeminiPartReader(GeminiCalls calls) {
    this.calls = calls;
  }

  /** All parts of a content, the path being that of their list. */
  List<Part> list(JsonNode parts, String path) {
    List<Part> read = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      read.addAll(read(parts.get(i), path + "[" + i + "]"));
    }
    return read;
  }

  /** One part, which may be two: what was thought before it, and itself. */
  List<Part> read(JsonNode json, String path) {
    ObjectNode part = GeminiJson.usual(json);
    Optional<Signature> signature = Optional.of(GeminiJson.text(part, SIGNATURE))
        .filter(text -> !text.isEmpty())
        .map(GeminiSignature::read);
    List<Part> read = new ArrayList<>();
    if (part.has("functionCall")) {
      signature.ifPresent(given -> read.add(signed(given, path)));
      read.add(call(part, path));
    } else if (part.has("functionResponse")) {
      read.add(result(part, path));
    } else if (part.has("text") && part.path("thought").asBoolean()) {
      Origin origin = GeminiJson.origin(path, part, TEXT);
      read.add(new Part.Thought(GeminiJson.text(part, "text"), signature, origin));
    } else if (part.has("text")) {
      signature.ifPresent(given -> read.add(signed(given, path)));
      if (signature.isEmpty() || !GeminiJson.text(part, "text").isEmpty()) {
        Origin origin = GeminiJson.origin(path, part, TEXT);
        read.add(new Part.Text(GeminiJson.text(part, "text"), List.of(), origin));
      }
    } else {
      read.add(media(json, part, path));
    }
    return read;
  }

  private static Part signed(Signature signature, String path) {
    Origin origin = new Origin(GeminiJson.PROTOCOL, path, GeminiJson.object());
    return new Part.Thought("", Optional.of(signature), origin);
  }

  private Part call(ObjectNode part, String path) {
    ObjectNode call = GeminiJson.usual(part.get("functionCall"));
    String name = GeminiJson.text(call, "name");
    Origin origin =
        GeminiJson.and(GeminiJson.origin(path, part, CALL), "functionCall", call, CALL_MEMBERS);
    return new Part.ToolCall(
        calls.called(GeminiJson.text(call, "id"), name),
        name,
        call.hasNonNull("args") ? call.get("args").toString() : "{}",
        false,
        origin);
  }

  private Part result(ObjectNode part, String path) {
    ObjectNode result = GeminiJson.usual(part.get("functionResponse"));
    String name = GeminiJson.text(result, "name");
    JsonNode response = result.path("response");
    boolean failed = isOneText(response, ERROR);
    List<Part> content = new ArrayList<>();
    content.add(Part.Text.of(said(response)));
    String inside = path + ".functionResponse.parts";
    for (int i = 0; i < result.path("parts").size(); i++) {
      JsonNode each = result.get("parts").get(i);
      content.add(media(each, GeminiJson.usual(each), inside + "[" + i + "]"));
    }
    Origin origin = GeminiJson.and(
        GeminiJson.origin(path, part, Set.of("functionResponse")),
        "functionResponse",
        result,
        RESULT_MEMBERS);
    return new Part.ToolResult(
        calls.answered(GeminiJson.text(result, "id"), name),
        name,
        content,
        content.size() == 1,
        failed,
        origin);
  }

  /**
   * A result is an object: its {@code output} or its {@code error}, or all of it (Google's API reference,
   * {@code FunctionResponse}).
   */
  private static String said(JsonNode response) {
    if (isOneText(response, ANSWER)) {
      return response.get("output").asText();
    }
    return isOneText(response, ERROR) ? response.get("error").asText() : text(response);
  }

  private static String text(JsonNode response) {
    return response.isMissingNode() || response.isNull() ? "{}" : response.toString();
  }

  private static boolean isOneText(JsonNode response, Set<String> name) {
    return response.size() == 1
        && name.stream().allMatch(each -> response.path(each).isTextual());
  }

  private static Part media(JsonNode json, ObjectNode part, String path) {
    ObjectNode blob = GeminiJson.usual(part.path("inlineData"));
    ObjectNode file = GeminiJson.usual(part.path("fileData"));
    boolean isThought = part.path("thought").asBoolean();
    if (blob.path("data").isTextual() && !isThought) {
      Origin origin = GeminiJson.and(
          GeminiJson.origin(path, part, Set.of("inlineData", "thought")), "inlineData", blob, BLOB);
      Source source = new Source.Data(blob.get("data").asText());
      return media(blob, source, origin);
    }
    if (file.path("fileUri").isTextual() && !isThought) {
      Origin origin = GeminiJson.and(
          GeminiJson.origin(path, part, Set.of("fileData", "thought")), "fileData", file, FILE);
      String uri = file.get("fileUri").asText();
      return media(file, isStored(uri) ? new Source.File(uri) : new Source.Url(uri), origin);
    }
    return new Part.Other(json, new Origin(GeminiJson.PROTOCOL, path, GeminiJson.object()));
  }

  private static Part media(ObjectNode at, Source source, Origin origin) {
    String type = GeminiJson.text(at, "mimeType");
    return new Media(kind(type), type, source, GeminiJson.text(at, "displayName"), origin);
  }

  private static Media.Kind kind(String type) {
    return switch (type.substring(0, Math.max(0, type.indexOf('/')))) {
      case "image" -> Media.Kind.IMAGE;
      case "audio" -> Media.Kind.AUDIO;
      case "video" -> Media.Kind.VIDEO;
      default -> Media.Kind.DOCUMENT;
    };
  }

  /** Whether it lies with Google: in its cloud, or among the files of Gemini's API. */
  static boolean isStored(String uri) {
    return uri.startsWith("gs://")
        || (uri.startsWith("https://generativelanguage.googleapis.com/")
            && uri.contains("/files/"));
  }
}
