using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Api;

/// <summary>A key with the request that it stands for.</summary>
/// <param name="Principal">Keys of different callers never meet.</param>
/// <param name="Key">What the caller sent.</param>
/// <param name="Request">Keyed hash of operation, path and body: bodies may hold secrets, which a plain hash would let one guess.</param>
/// <param name="Now">When it came, for the end of its 24 hours.</param>
internal sealed record IdempotencyKey(string Principal, string Key, string Request, DateTimeOffset Now);

/// <summary>The same key with the same request gets the first answer again for 24 hours; nothing happens twice.</summary>
internal sealed class Idempotency(EngineStore store, TimeProvider time, string secret)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);
    private readonly byte[] secret = Encoding.UTF8.GetBytes(secret);
    private readonly Turns turns = new();

    /// <summary>The key of a call; null where there is none or the operation changes nothing.</summary>
    public IdempotencyKey? KeyOf(Endpoint endpoint, Principal principal, string? header, RouteMatch match, JsonObject body)
    {
        if (header is null || endpoint.Method != HttpMethod.Post || endpoint.Kind.IsReadOnly() || endpoint.Kind == Kind.Token) // a token is not kept in clear
            return null;
        if (header.Length is 0 or > 200)
            throw ApiException.Invalid("An Idempotency-Key has 1 to 200 characters.");
        var request = new JsonObject { ["operation"] = endpoint.Name, ["body"] = Sorted(body) };
        foreach (var (name, value) in match.Path.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            request["path/" + name] = value;
        var hash = HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(request.ToJsonString()));
        return new(principal.Id, header, Convert.ToHexString(hash), time.GetUtcNow());
    }

    /// <summary>Waits until no other request with the key is under way.</summary>
    public Task<IDisposable> TurnAsync(IdempotencyKey key, CancellationToken ct) => turns.TakeAsync($"{key.Principal}\n{key.Key}", ct);

    /// <summary>The first answer; null for a new key.</summary>
    /// <exception cref="ApiException">400: the key stands for another request.</exception>
    public async Task<Answer?> FindAsync(IdempotencyKey key, CancellationToken ct)
    {
        const string sql = "SELECT request, status, body, etag FROM idempotency WHERE principal = @principal AND idempotency_key = @key AND created_at > @oldest";
        var found = await store.ReadAsync(
            session => session.One(sql, row => (Request: row.GetString(0), Answer: new Answer(row.GetInt32(1), row.GetString(2), row.Text(3))),
                ("@principal", key.Principal), ("@key", key.Key), ("@oldest", Oldest(key))), ct);
        if (found.Answer is null)
            return null;
        return found.Request == key.Request
            ? found.Answer
            : throw ApiException.Invalid("This Idempotency-Key was used for another request in the last 24 hours. Use a new key.", "idempotency_key_reused");
    }

    /// <summary>Keeps an answer whose handler did not do so itself. Not cancellable: the effect is there already.</summary>
    public Task SaveAsync(IdempotencyKey key, Answer answer) => store.WriteAsync(session => Save(session, key, answer), CancellationToken.None);

    /// <summary>Keeps an answer in the transaction of its effect.</summary>
    public static void Save(StoreSession session, IdempotencyKey key, Answer answer)
    {
        session.Execute("DELETE FROM idempotency WHERE created_at <= @oldest", ("@oldest", Oldest(key)));
        session.Execute(
            "INSERT INTO idempotency (principal, idempotency_key, request, status, body, etag, created_at) VALUES (@principal, @key, @request, @status, @body, @etag, @now)",
            ("@principal", key.Principal), ("@key", key.Key), ("@request", key.Request), ("@status", answer.Status), ("@body", answer.Body), ("@etag", answer.ETag),
            ("@now", StoreSession.Time(key.Now)));
    }

    private static string Oldest(IdempotencyKey key) => StoreSession.Time(key.Now - Lifetime);

    // Members in another order are the same request.
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
