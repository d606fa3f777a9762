package io.aiproxy.launch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** A reply of the demo's model as a response of the Responses API. */
final class DemoResponses {
  private static final String ID = "resp_demo";
  private static final String ITEM = "msg_demo";
  private static final long CREATED = 1_767_225_600;

  private DemoResponses() {}

  static ObjectNode response(String model, DemoReply reply) {
    ObjectNode response = head(model, "completed");
    response.putArray("output").add(item("completed", reply.text()));
    response
        .putObject("usage")
        .put("input_tokens", reply.inputTokens())
        .put("output_tokens", reply.outputTokens())
        .put("total_tokens", reply.inputTokens() + reply.outputTokens());
    return response;
  }

  static List<ObjectNode> events(String model, DemoReply reply) {
    List<ObjectNode> events = new ArrayList<>();
    ObjectNode begun = head(model, "in_progress");
    begun.putArray("output");
    event(events, "response.created").set("response", begun);
    event(events, "response.in_progress").set("response", begun);
    ObjectNode emptyItem = item("in_progress", "");
    emptyItem.putArray("content");
    event(events, "response.output_item.added").put("output_index", 0).set("item", emptyItem);
    inPart(events, "response.content_part.added").set("part", part(""));
    reply.words().forEach(word -> inPart(events, "response.output_text.delta").put("delta", word));
    inPart(events, "response.output_text.done").put("text", reply.text());
    inPart(events, "response.content_part.done").set("part", part(reply.text()));
    event(events, "response.output_item.done")
        .put("output_index", 0)
        .set("item", item("completed", reply.text()));
    event(events, "response.completed").set("response", response(model, reply));
    return events;
  }

  private static ObjectNode event(List<ObjectNode> events, String type) {
    ObjectNode event = JsonNodeFactory.instance
        .objectNode()
        .put("type", type)
        .put("sequence_number", events.size());
    events.add(event);
    return event;
  }

  private static ObjectNode inPart(List<ObjectNode> events, String type) {
    return event(events, type).put("item_id", ITEM).put("output_index", 0).put("content_index", 0);
  }

  private static ObjectNode head(String model, String status) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", ID)
        .put("object", "response")
        .put("created_at", CREATED)
        .put("status", status)
        .put("model", model);
  }

  private static ObjectNode item(String status, String text) {
    ObjectNode item = JsonNodeFactory.instance
        .objectNode()
        .put("id", ITEM)
        .put("type", "message")
        .put("role", "assistant")
        .put("status", status);
    item.putArray("content").add(part(text));
    return item;
  }

  private static ObjectNode part(String text) {
    ObjectNode part =
        JsonNodeFactory.instance.objectNode().put("type", "output_text").put("text", text);
    part.putArray("annotations");
    return part;
  }
}
