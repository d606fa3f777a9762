package io.aiproxy.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What providers refuse in a conversation that is good JSON: the rules of each protocol, as its provider enforces them. */
final class ConversationRules {
  private static final Map<String, Consumer<JsonNode>> RULES = Map.of(
      "anthropic-messages", ConversationRules::anthropic,
      "bedrock-converse", ConversationRules::bedrock,
      "gemini-generate", ConversationRules::gemini,
      "openai-chat", body -> chat(body, 40),
      "openai-responses", ConversationRules::responses,
      "cohere-chat", body -> chat(body, Integer.MAX_VALUE),
      "ollama-chat", ConversationRules::ollama);

  private ConversationRules() {}

  static Set<String> protocols() {
    return RULES.keySet();
  }

  /** Fails where a provider would refuse. */
  static void check(String protocol, JsonNode body) {
    assertThat(body.toString()).as("another's signature").doesNotContain("ai-proxy:");
    RULES.get(protocol).accept(body);
  }

  private static void anthropic(JsonNode body) {
    assertThat(body.path("max_tokens").asInt()).as("max_tokens").isPositive();
    body.path("system").forEach(block -> assertThat(block.path("text").asText()).isNotBlank());
    turns(body.path("messages"), "tool_use", "tool_result", "[a-zA-Z0-9_-]+");
    for (JsonNode message : body.path("messages")) {
      for (JsonNode block : message.path("content")) {
        String type = block.path("type").asText();
        if (type.equals("text")) {
          assertThat(block.path("text").asText()).isNotBlank();
        } else if (type.equals("tool_use")) {
          assertThat(block.path("input").isObject()).isTrue();
        } else if (type.equals("thinking")) {
          assertThat(block.path("signature").asText()).isNotBlank();
        }
      }
    }
  }

  private static void bedrock(JsonNode body) {
    body.path("system").forEach(block -> assertThat(block.path("text").asText()).isNotBlank());
    turns(body.path("messages"), "toolUse", "toolResult", "[a-zA-Z0-9_-]{1,64}");
    for (JsonNode message : body.path("messages")) {
      for (JsonNode block : message.path("content")) {
        assertThat(block.size()).as("one kind of content: " + block).isEqualTo(1);
        if (block.has("text")) {
          assertThat(block.path("text").asText()).isNotBlank();
        } else if (block.has("toolUse")) {
          assertThat(block.path("toolUse").path("input").isObject()).isTrue();
        } else if (block.has("toolResult")) {
          block
              .path("toolResult")
              .path("content")
              .forEach(inner -> assertThat(inner.path("text").asText("-")).isNotBlank());
        }
      }
    }
  }

  /** User and assistant take turns, and the results come first in the turn behind their calls. */
  private static void turns(JsonNode messages, String call, String result, String id) {
    Set<String> ids = new HashSet<>();
    List<String> open = new ArrayList<>();
    String expected = "user";
    assertThat(messages).isNotEmpty();
    for (JsonNode message : messages) {
      assertThat(message.path("role").asText()).as("turn").isEqualTo(expected);
      expected = expected.equals("user") ? "assistant" : "user";
      JsonNode content = message.path("content");
      assertThat(content.isTextual() ? !content.asText().isBlank() : !content.isEmpty())
          .as("content: " + message)
          .isTrue();
      List<String> results = ids(content, result);
      assertThat(results).as("results").containsExactlyInAnyOrderElementsOf(open);
      for (int i = 0; i < results.size(); i++) {
        assertThat(is(content.get(i), result))
            .as("results come first: " + message)
            .isTrue();
      }
      open = ids(content, call);
      open.forEach(each -> assertThat(each).matches(id));
      open.forEach(each -> assertThat(ids.add(each)).as("used once: " + each).isTrue());
    }
    assertThat(open).as("calls without results").isEmpty();
  }

  private static boolean is(JsonNode block, String kind) {
    return block.path("type").asText().equals(kind) || block.has(kind);
  }

  private static List<String> ids(JsonNode content, String kind) {
    List<String> ids = new ArrayList<>();
    for (JsonNode block : content) {
      if (is(block, kind)) {
        JsonNode holder = block.has(kind) ? block.path(kind) : block;
        for (String name : List.of("id", "tool_use_id", "toolUseId")) {
          if (holder.has(name)) {
            ids.add(holder.path(name).asText());
          }
        }
      }
    }
    return ids;
  }

  private static void gemini(JsonNode body) {
    assertThat(body.path("contents")).isNotEmpty();
    List<String> open = new ArrayList<>();
    for (JsonNode content : body.path("contents")) {
      assertThat(content.path("role").asText()).isIn("user", "model");
      assertThat(content.path("parts")).isNotEmpty();
      List<String> called = new ArrayList<>();
      List<String> answered = new ArrayList<>();
      for (JsonNode part : content.path("parts")) {
        if (part.has("functionCall")) {
          called.add(part.path("functionCall").path("name").asText());
          assertThat(part.path("functionCall").path("args").isObject()).isTrue();
        } else if (part.has("functionResponse")) {
          answered.add(part.path("functionResponse").path("name").asText());
          assertThat(part.path("functionResponse").path("response").isObject()).isTrue();
        } else if (part.has("text")) {
          boolean says = !part.path("text").asText().isEmpty() || part.has("thoughtSignature");
          assertThat(says).as("says something: " + part).isTrue();
        } else {
          assertThat(part.has("inlineData")).as("known: " + part).isTrue();
        }
      }
      assertThat(answered).as("all at once").containsExactlyInAnyOrderElementsOf(open);
      open = called;
    }
    assertThat(open).as("calls without results").isEmpty();
  }

  private static void chat(JsonNode body, int longestId) {
    Set<String> ids = new HashSet<>();
    Set<String> open = new HashSet<>();
    for (JsonNode message : body.path("messages")) {
      String role = message.path("role").asText();
      if (role.equals("tool")) {
        String id = message.path("tool_call_id").asText();
        assertThat(open.remove(id)).as("a result behind its call: " + message).isTrue();
      } else {
        assertThat(open).as("calls without results before " + message).isEmpty();
        boolean says = !message.path("content").isEmpty()
            || !message.path("content").asText().isEmpty()
            || !message.path("tool_calls").isEmpty()
            || message.has("tool_plan");
        assertThat(says).as("says something: " + message).isTrue();
      }
      for (JsonNode call : message.path("tool_calls")) {
        String id = call.path("id").asText();
        assertThat(id).isNotBlank().hasSizeLessThanOrEqualTo(longestId);
        assertThat(ids.add(id) && open.add(id)).as("used once: " + id).isTrue();
        assertThat(call.path("function").path("arguments").asText()).startsWith("{");
      }
    }
    assertThat(open).as("calls without results").isEmpty();
  }

  private static void ollama(JsonNode body) {
    int open = 0;
    for (JsonNode message : body.path("messages")) {
      if (message.path("role").asText().equals("tool")) {
        assertThat(message.path("tool_name").asText()).isNotBlank();
        open--;
      } else {
        assertThat(open).as("calls without results before " + message).isZero();
      }
      for (JsonNode call : message.path("tool_calls")) {
        assertThat(call.path("function").path("arguments").isObject()).isTrue();
        open++;
      }
    }
    assertThat(open).isZero();
  }

  private static void responses(JsonNode body) {
    Set<String> ids = new HashSet<>();
    Set<String> open = new HashSet<>();
    for (JsonNode item : body.path("input")) {
      String id = item.path("call_id").asText();
      switch (item.path("type").asText("message")) {
        case "function_call" -> {
          assertThat(id).isNotBlank().hasSizeLessThanOrEqualTo(64);
          assertThat(ids.add(id) && open.add(id)).as("used once: " + id).isTrue();
          assertThat(item.path("arguments").asText()).startsWith("{");
        }
        case "function_call_output" ->
          assertThat(open.remove(id)).as("a result behind its call: " + item).isTrue();
        case "reasoning" -> {}
        default -> {
          assertThat(open).as("calls without results before " + item).isEmpty();
          assertThat(item.path("content").isEmpty()
                  && item.path("content").asText().isEmpty())
              .as("says nothing: " + item)
              .isFalse();
        }
      }
    }
    assertThat(open).as("calls without results").isEmpty();
  }
}
