package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Citation;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Signature;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads Converse's content blocks, each an object with one member that says what it is. One per message list. */
final class BedrockBlocks {
  private static final String NAME = BedrockConverse.NAME;

  private final Map<String, String> toolNames = new HashMap<>();

  List<Part> read(JsonNode blocks, String path) {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < BedrockJson.array(blocks, path).size(); i++) {
      String at = path + "[" + i + "]";
      parts.add(part(BedrockJson.object(blocks.get(i), at), at));
    }
    return parts;
  }

  private Part part(ObjectNode block, String path) {
    if (block.size() != 1) {
      return other(block, path);
    }
    String name = block.fieldNames().next();
    JsonNode value = block.get(name);
    if (name.equals("text") && value.isTextual()) {
      return new Part.Text(value.asText(), List.of(), at(path));
    }
    if (!(value instanceof ObjectNode inner)) {
      return other(block, path);
    }
    String inside = path + "." + name;
    return switch (name) {
      case "toolUse" -> call(inner, inside);
      case "toolResult" -> result(inner, inside);
      case "reasoningContent" -> thought(inner, inside);
      case "citationsContent" -> cited(inner, inside).orElseGet(() -> other(block, path));
      case "cachePoint" ->
        new Part.CachePoint(
            inner.path("ttl").asText(), Origin.of(NAME, inside, inner, Set.of("type", "ttl")));
      default ->
        BedrockMedia.knows(name)
            ? BedrockMedia.read(name, inner, inside).orElseGet(() -> other(block, path))
            : other(block, path);
    };
  }

  private static Part other(ObjectNode block, String path) {
    return new Part.Other(block, at(path));
  }

  private static Origin at(String path) {
    return new Origin(NAME, path, BedrockJson.object());
  }

  private Part call(ObjectNode use, String path) {
    String id = use.path("toolUseId").asText();
    String name = use.path("name").asText();
    toolNames.put(id, name);
    JsonNode input = use.path("input");
    return new Part.ToolCall(
        id,
        name,
        input.isMissingNode() ? "{}" : input.toString(),
        false,
        Origin.of(NAME, path, use, Set.of("toolUseId", "name", "input")));
  }

  private Part result(ObjectNode result, String path) {
    String id = result.path("toolUseId").asText();
    return new Part.ToolResult(
        id,
        toolNames.getOrDefault(id, ""),
        content(result.path("content"), path + ".content"),
        false,
        result.path("status").asText().equals("error"),
        Origin.of(NAME, path, result, Set.of("toolUseId", "content", "status")));
  }

  /** What is JSON in a result is as good as its text: no other protocol tells them apart. */
  private List<Part> content(JsonNode blocks, String path) {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < BedrockJson.array(blocks, path).size(); i++) {
      String at = path + "[" + i + "]";
      ObjectNode block = BedrockJson.object(blocks.get(i), at);
      parts.add(
          block.size() == 1 && block.has("json")
              ? new Part.Text(block.get("json").toString(), List.of(), at(at))
              : part(block, at));
    }
    return parts;
  }

  private static Part thought(ObjectNode reasoning, String path) {
    JsonNode said = reasoning.path("reasoningText");
    return new Part.Thought(
        said.path("text").asText(),
        signature(said.path("signature")),
        Origin.of(NAME, path, reasoning, Set.of("reasoningText")));
  }

  static Optional<Signature> signature(JsonNode signature) {
    return Optional.of(signature.asText())
        .filter(text -> !text.isEmpty())
        .map(text -> Signature.from(text, NAME));
  }

  private static Optional<Part> cited(ObjectNode content, String path) {
    StringBuilder text = new StringBuilder();
    for (JsonNode piece : content.path("content")) {
      if (!piece.path("text").isTextual()) {
        return Optional.empty();
      }
      text.append(piece.path("text").asText());
    }
    List<Citation> citations = new ArrayList<>();
    for (JsonNode citation : content.path("citations")) {
      citations.add(citation(citation, path + ".citations[" + citations.size() + "]"));
    }
    return Optional.of(new Part.Text(text.toString(), citations, at(path)));
  }

  static Citation citation(JsonNode citation, String path) {
    StringBuilder quote = new StringBuilder();
    citation
        .path("sourceContent")
        .forEach(piece -> quote.append(piece.path("text").asText()));
    return new Citation(
        citation.path("location").path("web").path("url").asText(),
        citation.path("title").asText(),
        quote.toString(),
        -1,
        -1,
        citation instanceof ObjectNode whole ? new Origin(NAME, path, whole) : Origin.NONE);
  }
}
