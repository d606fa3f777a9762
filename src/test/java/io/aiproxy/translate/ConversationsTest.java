package io.aiproxy.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Chat;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Message;
import io.aiproxy.neutral.Message.Role;
import io.aiproxy.neutral.Origin;
import io.aiproxy.neutral.Part;
import io.aiproxy.neutral.Part.Source;
import io.aiproxy.neutral.Request;
import io.aiproxy.neutral.Response;
import io.aiproxy.neutral.Response.Candidate;
import io.aiproxy.neutral.Signature;
import io.aiproxy.neutral.Stop;
import io.aiproxy.neutral.Tool;
import io.aiproxy.protocol.Protocols;
import io.aiproxy.usage.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A conversation of several turns, with tools that are called at once, as a client keeps it: what it was answered, be it by one
 * provider, goes with the next request, be it to another.
 */
class ConversationsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final ChatTerms TERMS = new ChatTerms();
  private static final String SIGNED = "c2lnbmVkIGJ5IGl0cyBtYWtlcg==";
  private static final Set<String> SIGNERS =
      Set.of("anthropic-messages", "gemini-generate", "bedrock-converse", "openai-responses");

  private static final List<String> CLIENTS = List.of(
      "openai-chat",
      "openai-responses",
      "anthropic-messages",
      "gemini-generate",
      "bedrock-converse");

  /** How the protocol's providers number calls; Google's often do not. */
  private static final Map<String, String> IDS = Map.of(
      "openai-chat", "call_AbC:%d/%d." + "x".repeat(60),
      "openai-responses", "call_%d_%d",
      "anthropic-messages", "toolu_%d_%d",
      "bedrock-converse", "tooluse_%d-%d",
      "cohere-chat", "get_it_%d_%d",
      "ollama-chat", "call_%d%d");

  static Stream<Arguments> triples() {
    return CLIENTS.stream()
        .flatMap(client -> ConversationRules.protocols().stream()
            .sorted()
            .flatMap(first -> ConversationRules.protocols().stream()
                .sorted()
                .filter(next -> !next.equals(client))
                .map(next -> Arguments.of(client, first, next))));
  }

  @ParameterizedTest(name = "{0} answered by {1}, then asks {2}")
  @MethodSource("triples")
  void goOnWithWhatWasAnswered(String client, String first, String next) {
    ObjectNode kept = asked(client);
    for (int turn = 0; turn < 2; turn++) {
      ObjectNode answer = answer(kept, client, first, turn);
      append(kept, client, answer);
    }

    Losses losses = new Losses();
    JsonNode body = written(read(kept, client), next, losses);

    ConversationRules.check(next, body);
    assertThat(body.toString()).contains("let me see", "rain", "snow");
    boolean comesBack = first.equals(next) && SIGNERS.contains(first);
    assertThat(body.toString().contains(SIGNED)).as("signed: " + body).isEqualTo(comesBack);
  }

  private static Chat chat(String protocol) {
    return (Chat) Protocols.dialect(protocol).orElseThrow();
  }

  private static Request read(ObjectNode body, String client) {
    return chat(client).request(body.deepCopy(), "model", false);
  }

  private static ObjectNode written(Request asked, String protocol, Losses losses) {
    return chat(protocol).request(TERMS.outward(asked), losses);
  }

  /** How it begins, as that client says it. */
  private static ObjectNode asked(String client) {
    Part image = new Part.Media(
        Part.Media.Kind.IMAGE, "image/png", new Source.Data("iVBORw0KGgo="), "", Origin.NONE);
    Request neutral = new Request(
        "model",
        false,
        List.of(
            message(Role.SYSTEM, Part.Text.of("be brief")),
            message(Role.USER, Part.Text.of("what is this?"), Part.Text.of(" "), image)),
        List.of(tool("weather.get"), tool("forecast")),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Origin.NONE);
    return chat(client).request(neutral, new Losses());
  }

  private static Message message(Role role, Part... parts) {
    return new Message(role, List.of(parts), false, "", Origin.NONE);
  }

  private static Tool tool(String name) {
    ObjectNode schema = JSON.createObjectNode().put("type", "object");
    schema.putObject("properties").putObject("at").put("type", "string");
    return new Tool.Function(name, "", schema, Optional.empty(), Optional.empty(), Origin.NONE);
  }

  /** What a provider answers, in the client's protocol. */
  private static ObjectNode answer(ObjectNode kept, String client, String protocol, int turn) {
    Request asked = read(kept, client);
    if (protocol.equals(client)) {
      return said(protocol, turn);
    }
    Response answer = chat(protocol).answer(said(protocol, turn));
    Birth birth = Birth.of(client, "exchange" + turn, Instant.EPOCH);
    return chat(client).answer(TERMS.inward(answer, asked, birth), asked, new Losses());
  }

  private static ObjectNode said(String protocol, int turn) {
    List<Part> parts = new ArrayList<>();
    boolean isGoogle = protocol.equals("gemini-generate");
    Optional<Signature> signature = SIGNERS.contains(protocol)
        ? Optional.of(new Signature(protocol, SIGNED))
        : Optional.empty();
    parts.add(new Part.Thought("hm", isGoogle ? Optional.empty() : signature, Origin.NONE));
    parts.add(Part.Text.of("let me see"));
    if (isGoogle) {
      parts.add(new Part.Thought("", signature, Origin.NONE));
    }
    parts.add(call(protocol, "weather.get", turn, 0));
    parts.add(call(protocol, "forecast", turn, 1));
    Candidate candidate =
        new Candidate(parts, Stop.of(Stop.Reason.TOOL_CALLS), List.of(), Origin.NONE);
    Response answer =
        new Response("answer" + turn, "model", 1, List.of(candidate), Usage.of(1, 2), Origin.NONE);
    return chat(protocol).answer(answer, read(asked("openai-chat"), "openai-chat"), new Losses());
  }

  private static Part call(String protocol, String name, int turn, int number) {
    String id = IDS.getOrDefault(protocol, "").formatted(turn, number);
    String arguments = number == 0 ? "{\"at\":\"Rome\"}" : "";
    return new Part.ToolCall(id, name, arguments, false, Origin.NONE);
  }

  /** What a client adds: the answer, the results out of order, an empty text, and what its user says then. */
  private static void append(ObjectNode kept, String client, ObjectNode answer) {
    switch (client) {
      case "openai-chat" -> chat(kept.withArrayProperty("messages"), answer);
      case "openai-responses" -> responses(kept.withArrayProperty("input"), answer);
      case "anthropic-messages" -> anthropic(kept.withArrayProperty("messages"), answer);
      case "gemini-generate" -> gemini(kept.withArrayProperty("contents"), answer);
      default -> bedrock(kept.withArrayProperty("messages"), answer);
    }
  }

  private static void chat(ArrayNode messages, ObjectNode answer) {
    JsonNode message = answer.path("choices").path(0).path("message");
    messages.add(message);
    for (int i = 1; i >= 0; i--) {
      messages
          .addObject()
          .put("role", "tool")
          .put("tool_call_id", message.path("tool_calls").path(i).path("id").asText())
          .put("content", i == 0 ? "rain" : "snow");
    }
    messages.addObject().put("role", "user").put("content", "and now?");
    messages.addObject().put("role", "assistant").put("content", "");
    messages.addObject().put("role", "user").put("content", "well?");
  }

  private static void responses(ArrayNode input, ObjectNode answer) {
    input.addAll((ArrayNode) answer.path("output"));
    for (int i = 1; i >= 0; i--) {
      input
          .addObject()
          .put("type", "function_call_output")
          .put(
              "call_id",
              calls(answer.path("output"), "function_call")
                  .get(i)
                  .path("call_id")
                  .asText())
          .put("output", i == 0 ? "rain" : "snow");
    }
    input.addObject().put("role", "user").put("content", "well?");
  }

  private static void anthropic(ArrayNode messages, ObjectNode answer) {
    messages.addObject().put("role", "assistant").set("content", answer.path("content"));
    ArrayNode content = messages.addObject().put("role", "user").putArray("content");
    for (int i = 1; i >= 0; i--) {
      content
          .addObject()
          .put("type", "tool_result")
          .put(
              "tool_use_id",
              calls(answer.path("content"), "tool_use").get(i).path("id").asText())
          .put("content", i == 0 ? "rain" : "snow");
    }
    content.addObject().put("type", "text").put("text", "well?");
  }

  private static void gemini(ArrayNode contents, ObjectNode answer) {
    JsonNode said = answer.path("candidates").path(0).path("content");
    contents.add(said);
    List<JsonNode> calls = calls(said.path("parts"), "functionCall");
    ArrayNode parts = contents.addObject().put("role", "user").putArray("parts");
    parts.addObject().put("text", "well?");
    for (int i = 1; i >= 0; i--) {
      JsonNode call = calls.get(i).path("functionCall");
      ObjectNode response = parts.addObject().putObject("functionResponse");
      response.put("name", call.path("name").asText());
      if (call.has("id")) {
        response.set("id", call.get("id"));
      }
      response.putObject("response").put("output", i == 0 ? "rain" : "snow");
    }
  }

  private static void bedrock(ArrayNode messages, ObjectNode answer) {
    JsonNode said = answer.path("output").path("message");
    messages.add(said);
    ArrayNode content = messages.addObject().put("role", "user").putArray("content");
    for (int i = 1; i >= 0; i--) {
      ObjectNode result = content.addObject().putObject("toolResult");
      JsonNode call = calls(said.path("content"), "toolUse").get(i).path("toolUse");
      result.set("toolUseId", call.path("toolUseId"));
      result.putArray("content").addObject().put("text", i == 0 ? "rain" : "snow");
    }
    content.addObject().put("text", "well?");
  }

  private static List<JsonNode> calls(JsonNode blocks, String kind) {
    List<JsonNode> calls = new ArrayList<>();
    blocks.forEach(block -> {
      if (block.has(kind) || block.path("type").asText().equals(kind)) {
        calls.add(block);
      }
    });
    return calls;
  }
}
