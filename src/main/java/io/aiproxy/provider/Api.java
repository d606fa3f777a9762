package io.aiproxy.provider;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A provider as plain data. Immutable.
 *
 * @param address empty if configuration must say where it is
 * @param elsewhere where it is with that member of {@code provider_conf}, written {@code name=value}
 * @param forms what it is behind addresses whose path ends like that; their own paths are without it
 * @param surfaces by the name of the protocol, the one to translate to first
 */
record Api(
    String name,
    String address,
    Map<String, String> elsewhere,
    Map<Pattern, Api> forms,
    Map<String, Surface> surfaces)
    implements Provider {
  /**
   * One protocol at one provider.
   *
   * @param streamPath where streams are asked for
   * @param maxTokens the bound's place in a request; empty if there is none
   * @param replaced what goes when the bound is set
   * @param headers what is sent unless somebody else gives it
   */
  private record Surface(
      String path,
      String streamPath,
      String maxTokens,
      List<String> replaced,
      Map<String, String> headers,
      boolean takesModel) {
    private static final Surface NONE = new Surface("/", "/", "", List.of(), Map.of(), true);
  }

  /** A provider that speaks nothing yet. */
  static Api at(String name, String address) {
    return new Api(name, address, Map.of(), Map.of(), Map.of());
  }

  /** Which is somewhere else if {@code provider_conf} has that value. */
  Api at(String member, String value, String otherAddress) {
    Map<String, String> all = new LinkedHashMap<>(elsewhere);
    all.put(member + "=" + value, otherAddress);
    return new Api(name, address, all, forms, surfaces);
  }

  /** Which is another one, whose paths begin with the address's own, if that ends like that. */
  Api behind(String end, Api form) {
    Map<Pattern, Api> all = new LinkedHashMap<>(forms);
    all.put(Pattern.compile(".*" + end), form);
    return new Api(name, address, elsewhere, all, surfaces);
  }

  /** Which also speaks that protocol. */
  Api speaking(String protocol, String path, String maxTokens) {
    return speaking(protocol, path, path, maxTokens);
  }

  /** Which also speaks that protocol, with streams at a path of their own. */
  Api speaking(String protocol, String path, String streamPath, String maxTokens) {
    return with(
        protocol,
        new Surface(path, streamPath, maxTokens, List.of(), Map.of(), !path.contains("{model}")));
  }

  /** Of which a protocol takes only one of the bound and this other member. */
  Api replacing(String protocol, String member) {
    Surface it = surface(protocol);
    List<String> replaced = new ArrayList<>(it.replaced());
    replaced.add(member);
    return with(
        protocol,
        new Surface(
            it.path(), it.streamPath(), it.maxTokens(), replaced, it.headers(), it.takesModel()));
  }

  /** Which wants a header field there. */
  Api sending(String protocol, String header, String value) {
    Surface it = surface(protocol);
    Map<String, String> headers = new LinkedHashMap<>(it.headers());
    headers.put(header, value);
    return with(
        protocol,
        new Surface(
            it.path(), it.streamPath(), it.maxTokens(), it.replaced(), headers, it.takesModel()));
  }

  /** Whose address says there which model it is. */
  Api withoutModel(String protocol) {
    return takingModel(protocol, false);
  }

  /** Which takes the model there though its address says it too. */
  Api withModel(String protocol) {
    return takingModel(protocol, true);
  }

  private Api takingModel(String protocol, boolean takes) {
    Surface it = surface(protocol);
    return with(
        protocol,
        new Surface(
            it.path(), it.streamPath(), it.maxTokens(), it.replaced(), it.headers(), takes));
  }

  private Api with(String protocol, Surface surface) {
    Map<String, Surface> all = new LinkedHashMap<>(surfaces);
    all.put(protocol, surface);
    return new Api(name, address, elsewhere, forms, all);
  }

  private Surface surface(String protocol) {
    return surfaces.getOrDefault(protocol, Surface.NONE);
  }

  @Override
  public Optional<String> base() {
    return address.isEmpty() ? Optional.empty() : Optional.of(address);
  }

  @Override
  public Optional<String> base(Map<String, String> conf) {
    return conf.entrySet().stream()
        .flatMap(entry ->
            Optional.ofNullable(elsewhere.get(entry.getKey() + "=" + entry.getValue())).stream())
        .findFirst()
        .or(() -> Provider.super.base(conf));
  }

  @Override
  public Optional<Provider> behind(String path) {
    return forms.entrySet().stream()
        .filter(form -> form.getKey().matcher(path).matches())
        .findFirst()
        .map(form -> form.getValue().under(path));
  }

  private Api under(String path) {
    String begin = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    Map<String, Surface> all = new LinkedHashMap<>();
    surfaces.forEach((protocol, it) -> all.put(
        protocol,
        new Surface(
            begin + it.path(),
            begin + it.streamPath(),
            it.maxTokens(),
            it.replaced(),
            it.headers(),
            it.takesModel())));
    return new Api(name, address, elsewhere, Map.of(), all);
  }

  @Override
  public List<String> protocols() {
    return List.copyOf(surfaces.keySet());
  }

  @Override
  public String path(String protocol) {
    return surface(protocol).path();
  }

  @Override
  public String streamPath(String protocol) {
    return surface(protocol).streamPath();
  }

  @Override
  public Map<String, String> headers(String protocol) {
    return Map.copyOf(surface(protocol).headers());
  }

  @Override
  public Optional<String> maxTokens(String protocol) {
    return Optional.of(surface(protocol).maxTokens()).filter(place -> !place.isEmpty());
  }

  @Override
  public List<String> replacedByMaxTokens(String protocol) {
    return List.copyOf(surface(protocol).replaced());
  }

  @Override
  public boolean takesModel(String protocol) {
    return surface(protocol).takesModel();
  }
}
