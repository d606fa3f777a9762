package io.aiproxy.launch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** A reply of the demo's model as a chat completion. */
final class DemoChat {
  private static final String ID = "chatcmpl-demo";
  private static final long CREATED = 1_767_225_600;

  private DemoChat() {}

  static ObjectNode completion(String model, DemoReply reply) {
    ObjectNode answer = head("chat.completion", model);
    ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
    choice.putObject("message").put("role", "assistant").put("content", reply.text());
    choice.put("finish_reason", "stop");
    usage(answer, reply);
    return answer;
  }

  static List<ObjectNode> chunks(String model, DemoReply reply, boolean withUsage) {
    List<ObjectNode> chunks = new ArrayList<>();
    ObjectNode first = chunk(model);
    choice(first)
        .putNull("finish_reason")
        .putObject("delta")
        .put("role", "assistant")
        .put("content", "");
    chunks.add(first);
    for (String word : reply.words()) {
      ObjectNode next = chunk(model);
      choice(next).putNull("finish_reason").putObject("delta").put("content", word);
      chunks.add(next);
    }
    ObjectNode last = chunk(model);
    choice(last).put("finish_reason", "stop").putObject("delta");
    chunks.add(last);
    if (withUsage) {
      ObjectNode usage = chunk(model);
      usage.putArray("choices");
      usage(usage, reply);
      chunks.add(usage);
    }
    return chunks;
  }

  private static ObjectNode chunk(String model) {
    return head("chat.completion.chunk", model);
  }

  private static ObjectNode choice(ObjectNode chunk) {
    return chunk.putArray("choices").addObject().put("index", 0);
  }

  private static ObjectNode head(String object, String model) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", ID)
        .put("object", object)
        .put("created", CREATED)
        .put("model", model);
  }

  private static void usage(ObjectNode answer, DemoReply reply) {
    answer
        .putObject("usage")
        .put("prompt_tokens", reply.inputTokens())
        .put("completion_tokens", reply.outputTokens())
        .put("total_tokens", reply.inputTokens() + reply.outputTokens());
  }
}
