using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Client.Json;

namespace SyncMcp.Client.Sending;

/// <summary>Makes the HTTP request of one call: a new one for each send, since a message can be sent once only.</summary>
internal sealed class RequestBuilder(SyncClientOptions options)
{
    private const string Accepted = "application/json";

    private readonly RouteTable routes = new(options.Routes);

    /// <summary>Where the server is.</summary>
    public ServerAddress Address { get; } = new(options.Server);

    /// <summary>Asks for an address that is no operation's.</summary>
    public HttpRequestMessage Look(Uri at, string? token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, at) { Content = new ByteArrayContent([]) };
        request.Headers.Accept.Add(new(Accepted));
        Authorize(request, token);
        return request;
    }

    /// <summary>The request of an operation with these members.</summary>
    public HttpRequestMessage Build(Endpoint endpoint, JsonObject members, CallOptions? call, string? token)
    {
        var path = RouteTemplate.Fill(routes.Of(endpoint), name => PathValue(endpoint, members, name));
        var rest = members.Where(member => !endpoint.PathMembers.Contains(member.Key));
        var request = new HttpRequestMessage(endpoint.Method, Address.Of(endpoint.HasBody ? path : path + Query(rest)))
        {
            // Empty where there is nothing to say, but always there: .NET sends a request without content a second time by itself when the
            // connection breaks, behind the back of the retry rules.
            Content = endpoint.HasBody ? Body(rest) : new ByteArrayContent([]),
        };
        request.Headers.Accept.Add(new(endpoint.Kind == Kind.Download ? "*/*" : Accepted));
        Authorize(request, token);
        Extras(request, call);
        return request;
    }

    private static string PathValue(Endpoint endpoint, JsonObject members, string name)
    {
        var text = members[name]?.ToString();
        if (text is null or "" or "." or "..")
            throw Refused.Request(endpoint, $"`{name}` must be given and cannot be '{text}': it stands in the path.");
        return text;
    }

    private static string Query(IEnumerable<KeyValuePair<string, JsonNode?>> members)
    {
        var query = new StringBuilder();
        foreach (var (name, value) in members)
        {
            // A list is repeated: ?id=1&id=2.
            foreach (var item in value as IEnumerable<JsonNode?> ?? [value])
            {
                if (item is not null)
                    query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(Text(item)));
            }
        }

        return query.ToString();
    }

    private static string Text(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.ToString(),
    };

    private static ByteArrayContent Body(IEnumerable<KeyValuePair<string, JsonNode?>> members)
    {
        var body = new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString(SyncJson.Options)));
        content.Headers.ContentType = new("application/json");
        return content;
    }

    private void Authorize(HttpRequestMessage request, string? token)
    {
        if (token is null)
            return;
        if (options.TokenPlace == TokenPlace.Basic)
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("syncmcp:" + token))); // any user name will do
        else
            Add(request, "x-cdata-authtoken", token);
    }

    private static void Extras(HttpRequestMessage request, CallOptions? call)
    {
        if (call is null)
            return;
        if (call.IfMatch is { } state)
            Add(request, "If-Match", state);
        if (call.IdempotencyKey is { } key)
            Add(request, "Idempotency-Key", key);
        foreach (var (name, value) in call.Headers ?? new Dictionary<string, string>())
            Add(request, name, value);
    }

    // A line break in a value would let its writer add headers of his own.
    private static void Add(HttpRequestMessage request, string name, string value)
    {
        if (!value.All(letter => letter is >= ' ' and <= '~') || !request.Headers.TryAddWithoutValidation(name, value))
            throw new SyncApiException("invalid_request", $"The header {name} may hold visible ASCII characters only; nothing was sent.");
    }
}
