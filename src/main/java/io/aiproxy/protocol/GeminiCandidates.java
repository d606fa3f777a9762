package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Citation;
import io.aiproxy.neutral.Logprob;
import io.aiproxy.neutral.Origin;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What stands beside the content of a candidate: where its words are from, and how likely they were. */
final class GeminiCandidates {
  private GeminiCandidates() {}

  /**
   * What a candidate says of its sources, for the part of that number.
   *
   * @param text of the part, in whose UTF-8 Google counts; empty if it is not at hand
   */
  static List<Citation> citations(ObjectNode candidate, int part, String text) {
    List<Citation> citations = new ArrayList<>();
    ObjectNode grounding = GeminiJson.usual(candidate.path("groundingMetadata"));
    for (JsonNode support : grounding.path("groundingSupports")) {
      if (support.path("segment").path("partIndex").asInt() == part) {
        for (JsonNode chunk : support.path("groundingChunkIndices")) {
          JsonNode source = grounding.path("groundingChunks").path(chunk.asInt());
          citations.add(cited(support.path("segment"), source(source), text));
        }
      }
    }
    JsonNode recited = candidate.path("citationMetadata");
    for (String name : List.of("citationSources", "citations")) {
      if (part == 0) {
        recited.path(name).forEach(each -> citations.add(cited(each, each, text)));
      }
    }
    return citations;
  }

  private static JsonNode source(JsonNode chunk) {
    return chunk.has("web") ? chunk.path("web") : chunk.path("retrievedContext");
  }

  private static Citation cited(JsonNode segment, JsonNode source, String text) {
    return new Citation(
        GeminiJson.text(source, "uri"),
        GeminiJson.text(source, "title"),
        GeminiJson.text(segment, "text"),
        characters(text, segment.path("startIndex").asInt(0)),
        characters(text, segment.path("endIndex").asInt(-1)),
        Origin.NONE);
  }

  /** The place of a byte, in characters; -1 if the text is not at hand, or shorter. */
  private static int characters(String text, int bytes) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return text.isEmpty() || bytes < 0 || bytes > utf8.length
        ? -1
        : new String(utf8, 0, bytes, StandardCharsets.UTF_8).length();
  }

  /** Sources as Google puts them. */
  static void cite(ObjectNode candidate, List<Citation> citations, int part, String text) {
    ObjectNode grounding = candidate.withObjectProperty("groundingMetadata");
    ArrayNode chunks = grounding.withArrayProperty("groundingChunks");
    ArrayNode supports = grounding.withArrayProperty("groundingSupports");
    for (Citation citation : citations) {
      ObjectNode support = supports.addObject();
      ObjectNode segment = support.putObject("segment").put("partIndex", part);
      if (citation.from() >= 0
          && citation.to() <= text.length()
          && citation.to() >= citation.from()) {
        segment.put("startIndex", bytes(text, citation.from()));
        segment.put("endIndex", bytes(text, citation.to()));
      }
      if (!citation.quote().isEmpty()) {
        segment.put("text", citation.quote());
      }
      support.putArray("groundingChunkIndices").add(chunks.size());
      chunks.addObject().putObject("web").put("uri", citation.url()).put("title", citation.title());
    }
  }

  private static int bytes(String text, int characters) {
    return text.substring(0, characters).getBytes(StandardCharsets.UTF_8).length;
  }

  static List<Logprob> logprobs(JsonNode result) {
    List<Logprob> logprobs = new ArrayList<>();
    JsonNode chosen = result.path("chosenCandidates");
    for (int i = 0; i < chosen.size(); i++) {
      List<Logprob> top = new ArrayList<>();
      result
          .path("topCandidates")
          .path(i)
          .path("candidates")
          .forEach(each -> top.add(one(each, List.of())));
      logprobs.add(one(chosen.get(i), top));
    }
    return logprobs;
  }

  private static Logprob one(JsonNode json, List<Logprob> top) {
    return new Logprob(
        GeminiJson.text(json, "token"), json.path("logProbability").asDouble(), top);
  }

  static ObjectNode written(List<Logprob> logprobs) {
    ObjectNode result = GeminiJson.object();
    ArrayNode chosen = result.putArray("chosenCandidates");
    ArrayNode top = result.putArray("topCandidates");
    for (Logprob logprob : logprobs) {
      one(chosen.addObject(), logprob);
      ArrayNode likely = top.addObject().putArray("candidates");
      logprob.top().forEach(each -> one(likely.addObject(), each));
    }
    return result;
  }

  private static void one(ObjectNode written, Logprob logprob) {
    written.put("token", logprob.token()).put("logProbability", logprob.logprob());
  }
}
