using System.Text.Json.Nodes;
using SyncMcp.Filters;
using SyncMcp.Redaction;

namespace SyncMcp.Guard;

/// <summary>
/// Idempotency keys for a server that keeps none: the first answer to a caller's key, for 24 hours. What was sent and never answered is remembered too, so that
/// a repeat of it is not sent a second time.
/// </summary>
internal sealed class Replays(StateStore store, string origin)
{
    private const long Life = 24 * 60 * 60 * 1000;

    /// <summary>Sends a call once for its key: a repeat gets the first answer.</summary>
    /// <param name="call">The call, with a key of the caller.</param>
    /// <param name="send">Sends it.</param>
    public async ValueTask<ToolAnswer> OnceAsync(Call call, Func<ValueTask<ToolAnswer>> send)
    {
        var key = call.Controls.IdempotencyKey!;
        var bound = Canonical.Hash(call.Tool, Canonical.Of(call.Arguments));
        if (Begin(call.Principal.Name, key, bound) is { } first)
            return first;
        try
        {
            var answer = await send();
            Keep(call.Principal.Name, key, answer);
            return answer;
        }
        catch (ToolException ex) when (ex.Outcome == Outcome.NotExecuted)
        {
            Forget(call.Principal.Name, key);
            throw;
        }
    }

    // Null: nobody has used the key, and from here on it is used.
    private ToolAnswer? Begin(string principal, string key, string bound) => store.Write(session =>
    {
        session.Execute("DELETE FROM replay WHERE made < @old", ("@old", store.Now - Life));
        var known = session.Query("SELECT bound, answer FROM replay WHERE origin = @origin AND principal = @principal AND key = @key",
            row => (Bound: row.GetString(0), Answer: row.IsDBNull(1) ? null : row.GetString(1)), ("@origin", origin), ("@principal", principal), ("@key", key));
        switch (known)
        {
            case []:
                session.Execute("INSERT INTO replay (origin, principal, key, bound, answer, made) VALUES (@origin, @principal, @key, @bound, NULL, @now)",
                    ("@origin", origin), ("@principal", principal), ("@key", key), ("@bound", bound), ("@now", store.Now));
                return null;
            case [var (first, _)] when first != bound:
                throw new ToolException(new("invalid_request", "This idempotency_key was used for another call in the last 24 hours.", "Use a new key."));
            case [(_, { } answer)]:
                return new ToolAnswer { Outcome = Outcome.Executed, Body = JsonNode.Parse(answer)!.AsObject(), Replayed = true };
            default:
                throw new ToolException(new("outcome_unknown", "A call with this idempotency_key was sent before, and its outcome is not known; it was not sent again.",
                    "Look whether it was done (read the thing or its history). If it was not, call with a new key."), Outcome.Unknown);
        }
    });

    private void Keep(string principal, string key, ToolAnswer answer) => store.Write(session =>
        session.Execute("UPDATE replay SET answer = @answer WHERE origin = @origin AND principal = @principal AND key = @key",
            ("@answer", Redactor.Mask(answer.Body?.DeepClone() ?? new JsonObject())!.ToJsonString()), ("@origin", origin), ("@principal", principal), ("@key", key)));

    private void Forget(string principal, string key) => store.Write(session =>
        session.Execute("DELETE FROM replay WHERE origin = @origin AND principal = @principal AND key = @key", ("@origin", origin), ("@principal", principal), ("@key", key)));
}
