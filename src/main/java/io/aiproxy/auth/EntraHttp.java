package io.aiproxy.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.aad.msal4j.HttpMethod;
import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.HttpResponse;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.IHttpResponse;
import io.aiproxy.json.Mappers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sends what Microsoft's library asks for, over the JDK's own connections. Of an answer that is an error it hands on the codes
 * and no text: the library logs that, and it may repeat what was asked. Safe for all threads.
 */
final class EntraHttp implements IHttpClient {
  private static final int TIMEOUT_MILLIS =
      Math.toIntExact(Duration.ofSeconds(10).toMillis());
  private static final int MOST_BYTES = 1024 * 1024;
  private static final int FIRST_ERROR = 400;
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  /** What Microsoft's own errors are numbered by, at the beginning of their text. */
  private static final Pattern NUMBER = Pattern.compile("AADSTS\\d{1,10}\\b");

  private static final JsonMapper JSON = Mappers.mapper().build();

  @Override
  public IHttpResponse send(HttpRequest request) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) request.url().openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    connection.setInstanceFollowRedirects(false);
    Optional.ofNullable(request.headers()).orElse(Map.of()).forEach((name, value) -> {
      if (value != null) {
        connection.addRequestProperty(name, value);
      }
    });
    if (request.httpMethod() == HttpMethod.POST) {
      connection.setRequestMethod("POST");
      connection.setDoOutput(true);
      try (OutputStream out = connection.getOutputStream()) {
        out.write(Optional.ofNullable(request.body()).orElse("").getBytes(StandardCharsets.UTF_8));
      }
    }
    return answer(connection);
  }

  private static HttpResponse answer(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    boolean isError = status >= FIRST_ERROR;
    String body = read(isError ? connection.getErrorStream() : connection.getInputStream());
    HttpResponse answer = new HttpResponse().statusCode(status).body(isError ? codes(body) : body);
    Map<String, List<String>> headers = new HashMap<>(connection.getHeaderFields());
    headers.remove(null); // the status line
    answer.addHeaders(headers);
    return answer;
  }

  private static String read(@Nullable InputStream body) throws IOException {
    if (body == null) {
      return "";
    }
    try (body) {
      return new String(body.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    }
  }

  /** An error that says no more than what kind it is. */
  static String codes(String body) {
    ObjectNode codes = JsonNodeFactory.instance.objectNode();
    JsonNode said = parsed(body);
    String error = said.path("error").asText();
    Matcher number = NUMBER.matcher(said.path("error_description").asText());
    codes.put("error", WORD.matcher(error).matches() ? error : "unknown");
    codes.put("error_description", number.lookingAt() ? number.group() : "");
    return codes.toString();
  }

  private static JsonNode parsed(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException notJson) {
      return JsonNodeFactory.instance.missingNode();
    }
  }
}
