package io.aiproxy.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.aiproxy.call.Problem;
import io.aiproxy.translate.Everything.Said;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nothing of a request is lost without a word: a member that is taken out of it, or altered, is missing in what is written in
 * another protocol, or among the losses.
 */
class SilentLossTest {
  /** What nobody misses, by client, upstream and place, and why. */
  private static final Map<String, String> UNMISSED = Map.ofEntries(
      Map.entry(".* (model|stream)", "is in the address of some protocols"),
      Map.entry(
          "(openai|cohere|ollama).* (tools|messages\\[]\\.tool_calls)\\[]\\.type",
          "what has a function is one"),
      Map.entry(".* (response_format|text|outputConfig)\\..*\\.name", "labels a schema for people"),
      Map.entry(
          ".* (response_format|text\\.format)\\..*strict",
          "others hold a model to its schema in any case"),
      Map.entry(".*\\.(cache_control|cachePoint)\\.type", "there is but one type"),
      Map.entry(
          "bedrock.* toolConfig\\.tools\\[]\\.cachePoint\\.ttl",
          "is lost by the name of the tool before it"),
      Map.entry(".* reasoning\\.enabled", "an effort or a budget says it too"),
      Map.entry("cohere.* thinking\\.type", "so does this budget"),
      Map.entry(
          ".* (reasoning\\.(effort|max_tokens)|thinking\\.budget_tokens|output_config\\.effort)",
          "one of effort and budget is enough, the one that the provider knows"),
      Map.entry(
          ".* cohere-chat (tools|toolConfig\\.tools)\\[].*",
          "a tool that must be called is the only one that is offered"),
      Map.entry("openai-responses .* stream_options.*", "is about the bytes of its own stream"),
      Map.entry(
          "openai-responses .* input\\[]\\.(id|status|phase)",
          "numbers and states of what its provider keeps"),
      Map.entry("openai-responses .* input\\[]\\.content\\[]\\.logprobs", "no model reads them"),
      Map.entry(
          ".* bedrock-converse .*(citations|annotations)\\[].*",
          "where within a document, or in the text, is not said there; what is cited is"),
      Map.entry(
          "bedrock.* openai-responses .*citations\\[].*(sourceContent|domain).*",
          "a page is cited there by its address and title"),
      Map.entry(".*\\.source\\.media_type", "the data itself tells"),
      Map.entry("(gemini|bedrock).* (contents|messages)\\[]\\.role", "who is no model is the user"),
      Map.entry("gemini.*\\.inlineData\\.displayName", "the name of a picture, which none reads"),
      Map.entry("(gemini|ollama).* .*(functionResponse\\.name|tool_name)", "the call's id tells"),
      Map.entry("anthropic.*\\.caller(\\.type)?", "which of its own tools called this one"),
      Map.entry("ollama.*\\.function\\.index", "says no more than the order does"),
      Map.entry("ollama.* keep_alive", "is about the memory of its own server"));

  static final List<String> REASONED = List.copyOf(UNMISSED.keySet());

  static Stream<Arguments> pairs() {
    return Everything.PROTOCOLS.stream()
        .flatMap(client -> Everything.PROTOCOLS.stream()
            .filter(upstream -> !upstream.equals(client))
            .map(upstream -> Arguments.of(client, upstream)));
  }

  @ParameterizedTest(name = "{0} to {1}")
  @MethodSource("pairs")
  void losesNothingWithoutAWord(String client, String upstream) {
    assertThat(silent(client, upstream))
        .filteredOn(loss -> UNMISSED.keySet().stream().noneMatch(loss::matches))
        .isEmpty();
  }

  @ParameterizedTest
  @FieldSource("REASONED")
  void allowsNoLossThatThereIsNot(String allowed) {
    assertThat(pairs().map(Arguments::get))
        .anyMatch(pair -> silent((String) pair[0], (String) pair[1]).stream()
            .anyMatch(loss -> loss.matches(allowed)));
  }

  /** Such as {@code openai-chat cohere-chat tools[].type}. */
  private static List<String> silent(String client, String upstream) {
    List<String> silent = new ArrayList<>();
    for (ObjectNode request : Everything.of(client)) {
      Said whole = Everything.said(client, request, upstream);
      members(request, "", (pointer, path) -> {
        if (!isNamed(path, whole.lost()) && !isHeard(client, request, pointer, upstream, whole)) {
          silent.add(client + " " + upstream + " " + path.replaceAll("\\[\\d+]", "[]"));
        }
      });
    }
    return silent;
  }

  /** Whether anything is otherwise without it, or if it were otherwise: some say what goes without saying. */
  private static boolean isHeard(
      String client, ObjectNode request, String pointer, String upstream, Said whole) {
    int end = pointer.lastIndexOf('/');
    String name = pointer.substring(end + 1);
    ObjectNode without = request.deepCopy();
    ObjectNode with = request.deepCopy();
    ((ObjectNode) without.at(pointer.substring(0, end))).remove(name);
    ((ObjectNode) with.at(pointer.substring(0, end))).replace(name, other(request.at(pointer)));
    return Stream.of(without, with)
        .anyMatch(changed -> !said(client, changed, upstream).equals(Optional.of(whole)));
  }

  private static JsonNode other(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> TextNode.valueOf(value.asText() + "x");
      case BOOLEAN -> BooleanNode.valueOf(!value.asBoolean());
      case NUMBER -> IntNode.valueOf(value.asInt() + 1);
      default -> value;
    };
  }

  private static Optional<Said> said(String client, ObjectNode request, String upstream) {
    try {
      return Optional.of(Everything.said(client, request, upstream));
    } catch (Problem refused) {
      return Optional.empty();
    }
  }

  /** Whether it, or what it is in, is among the losses. */
  private static boolean isNamed(String path, Set<String> lost) {
    return lost.stream()
        .anyMatch(place ->
            path.equals(place) || path.startsWith(place + ".") || path.startsWith(place + "["));
  }

  /** All members of all objects, as a JSON pointer and as the place that a loss would have. */
  private static void members(JsonNode node, String pointer, BiConsumer<String, String> out) {
    node.properties().forEach(member -> {
      String at = pointer + "/" + member.getKey();
      out.accept(at, at.substring(1).replaceAll("/(\\d+)", "[$1]").replace('/', '.'));
      members(member.getValue(), at, out);
    });
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      members(node.get(i), pointer + "/" + i, out);
    }
  }
}
