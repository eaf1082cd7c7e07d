using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Filters;
using SyncMcp.Redaction;

namespace SyncMcp.Guard;

/// <summary>A call that can be undone, or whose undoing can be refused with a reason.</summary>
/// <param name="Entry">Its audit id.</param>
/// <param name="Call">Correlates it with others of one tool.</param>
/// <param name="Who">Who made it.</param>
/// <param name="Endpoint">The operation.</param>
/// <param name="Arguments">Its arguments, masked.</param>
/// <param name="Thing">What it met; null for one that made something.</param>
/// <param name="Outcome">How it ended; null where nobody knows.</param>
/// <param name="Made">Id of what it made.</param>
/// <param name="UndoneAt">When it was undone.</param>
/// <param name="Undoes">The call that it undid.</param>
internal sealed record KeptCall(long Entry, string Call, string Who, Endpoint Endpoint, JsonObject Arguments, KeptThing? Thing, string? Outcome, string? Made, long? UndoneAt, long? Undoes);

/// <summary>
/// What things were before calls changed or deleted them: kept for 30 days beside the approvals, so that the calls can be undone. Numbered by the audit log of the
/// data directory; bound to the server.
/// </summary>
internal sealed class Kept(StateStore store, string log, string origin)
{
    private const long Life = 30L * 24 * 3_600_000;
    private const string Columns = "entry, call, who, tool, arguments, thing, outcome, made, undone, undoes";

    /// <summary>Keeps what a call meets, before it is sent.</summary>
    public void Keep(Call call, KeptThing? thing) => store.Write(session =>
    {
        session.Execute("DELETE FROM kept WHERE at < @old", ("@old", store.Now - Life));
        return session.Execute(
            $"INSERT INTO kept (log, origin, at, kind, id, {Columns}) VALUES (@log, @origin, @at, @kind, @id, @entry, @call, @who, @tool, @arguments, @thing, NULL, NULL, NULL, NULL)",
            ("@log", log), ("@origin", origin), ("@at", store.Now), ("@kind", KindOf(call)), ("@id", thing?.Id), ("@entry", call.Intent), ("@call", call.CorrelationId), ("@who", call.Principal.Name),
            ("@tool", call.Endpoint!.Name), ("@arguments", Seal(Redactor.Mask(call.Arguments.DeepClone())!, call.Intent!.Value)), ("@thing", thing is null ? null : Seal(thing.ToJson(), call.Intent!.Value)));
    });

    /// <summary>Keeps how it ended.</summary>
    public void End(Call call, Outcome outcome, string? made) => store.Write(session =>
    {
        if (outcome == Outcome.Executed && (call.Endpoint == ConnectionEndpoints.Create || call.Endpoint == ConnectionEndpoints.Update))
            KeepReferences(session, made ?? call.Id("connection_id"), call.Arguments["properties"] as JsonObject ?? []);
        return session.Execute("UPDATE kept SET outcome = @outcome, made = @made, id = coalesce(id, @made) WHERE log = @log AND entry = @entry",
            ("@outcome", Answers.Word(outcome)), ("@made", made), ("@log", log), ("@entry", call.Intent));
    });

    /// <summary>The call with an audit id; null where none is kept.</summary>
    public KeptCall? Find(long entry) => store.Read(session => session.Query(
        $"SELECT {Columns} FROM kept WHERE log = @log AND origin = @origin AND entry = @entry AND at >= @old", Read,
        ("@log", log), ("@origin", origin), ("@entry", entry), ("@old", store.Now - Life)).FirstOrDefault());

    /// <summary>The operation of a tool's call; null where none is kept.</summary>
    public KeptCall? FindPart(string call) => store.Read(session => session.Query(
        $"SELECT {Columns} FROM kept WHERE log = @log AND origin = @origin AND call = @call AND at >= @old", Read,
        ("@log", log), ("@origin", origin), ("@call", call), ("@old", store.Now - Life)).FirstOrDefault());

    /// <summary>All that is kept.</summary>
    public IReadOnlyDictionary<long, KeptCall> All() => store.Read(session => session.Query(
        $"SELECT {Columns} FROM kept WHERE log = @log AND origin = @origin AND at >= @old", Read, ("@log", log), ("@origin", origin), ("@old", store.Now - Life))).ToDictionary(call => call.Entry);

    /// <summary>Audit ids of later calls that changed the same thing and still count: undoing an earlier one would undo half of them.</summary>
    public IReadOnlyList<long> Later(KeptCall call) => store.Read(session => session.Query(
        "SELECT entry FROM kept WHERE log = @log AND origin = @origin AND entry > @entry AND kind = @kind AND id = @id AND undone IS NULL AND undoes IS NULL AND coalesce(outcome, '') <> 'not_executed' ORDER BY entry",
        row => row.GetInt64(0), ("@log", log), ("@origin", origin), ("@entry", call.Entry), ("@kind", call.Thing?.Kind), ("@id", call.Thing?.Id)));

    /// <summary>Remembers that the operations of a call of <c>undo</c> undid another; what was an undoing itself and is undone lets the first count again.</summary>
    public void MarkUndone(KeptCall undone, string by) => store.Write(session =>
    {
        session.Execute("UPDATE kept SET undoes = @entry WHERE log = @log AND call LIKE @by || '-%'", ("@entry", undone.Entry), ("@log", log), ("@by", by));
        if (undone.Undoes is { } first)
            session.Execute("UPDATE kept SET undone = NULL WHERE log = @log AND entry = @first", ("@log", log), ("@first", first));
        return session.Execute("UPDATE kept SET undone = @now WHERE log = @log AND entry = @entry", ("@now", store.Now), ("@log", log), ("@entry", undone.Entry));
    });

    /// <summary>The same for several that were undone together.</summary>
    /// <param name="undone">Each with the place from 1 of the first and the last operation that undid it.</param>
    /// <param name="by">The call of <c>undo</c>.</param>
    public void MarkUndone(IEnumerable<(KeptCall Call, int First, int Last)> undone, string by) => store.Write(session =>
    {
        foreach (var (call, first, last) in undone)
        {
            for (var part = first; part <= last; part++)
                session.Execute("UPDATE kept SET undoes = @entry WHERE log = @log AND call = @part", ("@entry", call.Entry), ("@log", log), ("@part", $"{by}-{part}"));
            session.Execute("UPDATE kept SET undone = @now WHERE log = @log AND entry = @entry", ("@now", store.Now), ("@log", log), ("@entry", call.Entry));
        }

        return 0;
    });

    /// <summary>Stored secrets that connections were given by name: what can be given again, where a mask cannot. By <c>id/property</c>.</summary>
    public IReadOnlyDictionary<string, string> References() => store.Read(session => session.Query(
        "SELECT connection, property, reference FROM reference WHERE origin = @origin", row => (Key: $"{row.GetString(0)}/{row.GetString(1)}", Reference: row.GetString(2)), ("@origin", origin)))
        .ToDictionary(row => row.Key, row => row.Reference, StringComparer.OrdinalIgnoreCase);

    private void KeepReferences(StateStore.Session session, string connection, JsonObject properties)
    {
        foreach (var (property, value) in properties)
        {
            var text = value?.ToString() ?? "";
            if (text == Secrets.Mask)
                continue; // what is stored stays
            session.Execute("DELETE FROM reference WHERE origin = @origin AND connection = @connection AND property = @property COLLATE NOCASE", ("@origin", origin), ("@connection", connection), ("@property", property));
            if (text.StartsWith("${secret:", StringComparison.Ordinal))
                session.Execute("INSERT INTO reference (origin, connection, property, reference) VALUES (@origin, @connection, @property, @text)", ("@origin", origin), ("@connection", connection), ("@property", property), ("@text", text));
        }
    }

    private static string KindOf(Call call) => call.Endpoint!.Kind == Kind.Reset ? "connection" : Lifecycle.Of(call.Endpoint!)?.Kind ?? "";

    // SQL and scripts are in it, and nobody else's hands are to change what will be made again.
    private string Seal(JsonNode what, long entry) => store.Sealing.Seal(what.ToJsonString(Budget.Json), $"{log} {entry}");

    private JsonNode? Open(string? text, long entry) => text is not null && store.Sealing.TryOpen(text, $"{log} {entry}") is { } opened ? JsonNode.Parse(opened) : null;

    private KeptCall Read(SqliteDataReader row)
    {
        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        long? Number(int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
        return new(row.GetInt64(0), row.GetString(1), row.GetString(2), Catalogue.Find(row.GetString(3))!, Open(Text(4), row.GetInt64(0)) as JsonObject ?? [],
            Open(Text(5), row.GetInt64(0)) is { } thing ? KeptThing.Read(thing) : null, Text(6), Text(7), Number(8), Number(9));
    }
}
