package io.aiproxy.launch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Answers chat completions, responses, embeddings and models in OpenAI's shapes, the same to the same question. It counts a
 * word as a token. Safe for all threads.
 */
final class DemoModel extends HttpServlet {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BODY_BYTES = 1 << 20;
  private static final long CREATED = 1_767_225_600;

  private final String key;
  private final Duration pace;

  /**
   * A model.
   *
   * @param pace how long it thinks before each event of a stream
   */
  DemoModel(String key, Duration pace) {
    this.key = key;
    this.pace = pace;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (!("Bearer " + key).equals(request.getHeader("Authorization"))) {
      refuse(
          response,
          HttpServletResponse.SC_UNAUTHORIZED,
          "invalid_api_key",
          "Incorrect API key provided.");
      return;
    }
    String endpoint = request.getMethod() + " " + request.getPathInfo();
    switch (endpoint) {
      case "POST /chat/completions" -> chat(question(request), response);
      case "POST /responses" -> responses(question(request), response);
      case "POST /embeddings" -> say(response, embeddings(question(request)));
      case "GET /models" -> say(response, models());
      default ->
        refuse(response, HttpServletResponse.SC_NOT_FOUND, "unknown_url", "Unknown request URL.");
    }
  }

  private void chat(JsonNode question, HttpServletResponse response) throws IOException {
    DemoReply reply = DemoReply.to(question.path("messages"));
    String model = question.path("model").asText("demo");
    if (!question.path("stream").asBoolean()) {
      say(response, DemoChat.completion(model, reply));
      return;
    }
    boolean usage = question.path("stream_options").path("include_usage").asBoolean();
    OutputStream out = stream(response);
    for (ObjectNode chunk : DemoChat.chunks(model, reply, usage)) {
      send(out, "data: " + chunk);
    }
    send(out, "data: [DONE]");
  }

  private void responses(JsonNode question, HttpServletResponse response) throws IOException {
    DemoReply reply = DemoReply.to(question.path("input"));
    String model = question.path("model").asText("demo");
    if (!question.path("stream").asBoolean()) {
      say(response, DemoResponses.response(model, reply));
      return;
    }
    OutputStream out = stream(response);
    for (ObjectNode event : DemoResponses.events(model, reply)) {
      send(out, "event: " + event.path("type").asText() + "\ndata: " + event);
    }
  }

  private static ObjectNode embeddings(JsonNode question) {
    JsonNode input = question.path("input");
    List<JsonNode> inputs = new ArrayList<>();
    if (input.isArray()) {
      input.forEach(inputs::add);
    } else {
      inputs.add(input);
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("object", "list");
    var data = answer.putArray("data");
    int tokens = 0;
    for (int i = 0; i < inputs.size(); i++) {
      String text = inputs.get(i).asText();
      tokens += DemoReply.words(text).size();
      var vector =
          data.addObject().put("object", "embedding").put("index", i).putArray("embedding");
      DemoReply.embedding(text).forEach(vector::add);
    }
    answer.put("model", question.path("model").asText("demo"));
    answer.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
    return answer;
  }

  private static ObjectNode models() {
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("object", "list");
    answer
        .putArray("data")
        .addObject()
        .put("id", "demo")
        .put("object", "model")
        .put("created", CREATED)
        .put("owned_by", "ai-proxy");
    return answer;
  }

  private static JsonNode question(HttpServletRequest request) throws IOException {
    byte[] body = request.getInputStream().readNBytes(BODY_BYTES);
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return JsonNodeFactory.instance.objectNode();
    }
  }

  private static OutputStream stream(HttpServletResponse response) throws IOException {
    response.setContentType("text/event-stream");
    response.setHeader("Cache-Control", "no-cache");
    return response.getOutputStream();
  }

  private void send(OutputStream out, String event) throws IOException {
    LockSupport.parkNanos(pace.toNanos());
    out.write((event + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static void refuse(HttpServletResponse response, int status, String code, String message)
      throws IOException {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer
        .putObject("error")
        .put("message", message)
        .put("type", "invalid_request_error")
        .putNull("param")
        .put("code", code);
    response.setStatus(status);
    say(response, answer);
  }

  private static void say(HttpServletResponse response, ObjectNode answer) throws IOException {
    byte[] body = answer.toString().getBytes(StandardCharsets.UTF_8);
    response.setContentType("application/json");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
