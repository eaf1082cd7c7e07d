using System.Text.Json.Nodes;

namespace SyncMcp.Guard;

/// <summary>The definition that a thing may run in.</summary>
/// <param name="Definition">What was approved.</param>
/// <param name="Hash">Its hash when it was approved.</param>
/// <param name="How">How: <c>chat</c>, <c>terminal</c>, <c>baseline</c>, <c>plain</c> for one that needed no approval and has run, or <c>revoked</c>.</param>
/// <param name="Who">The principal, or the operator.</param>
/// <param name="At">When.</param>
internal sealed record Approval(Definition Definition, string Hash, string How, string Who, DateTimeOffset At)
{
    /// <summary>Nobody looked at it: it ran because it could harm nothing.</summary>
    public bool IsPlain => How == "plain";

    /// <summary>The operator took it back: it approves nothing, and the thing is not plain again either, so that its next run asks.</summary>
    public bool IsRevoked => How == Approvals.Revoked;
}

/// <summary>What was approved, one definition a thing: a new one ends the older. Bound to the server it was approved for.</summary>
internal sealed class Approvals(StateStore store, string origin)
{
    /// <summary>How of an approval that was taken back; its hash is that of no definition.</summary>
    public const string Revoked = "revoked";

    private const string Columns = "kind, id, hash, definition, facts, who, how, at";

    /// <summary>The approved definition of a thing.</summary>
    public Approval? Find(string kind, string id) => store.Read(session => Find(session, kind, id));

    /// <summary>All approved definitions of the server.</summary>
    public IReadOnlyList<Approval> All() => [.. Kept().Where(approval => !approval.IsRevoked)];

    /// <summary>The same with those that were taken back.</summary>
    public IReadOnlyList<Approval> Kept() => [.. store.Read(session => session.Query(
        $"SELECT {Columns} FROM approval WHERE origin = @origin ORDER BY kind, id", Read, ("@origin", origin))).OfType<Approval>()];

    /// <summary>Keeps an approval in place of the older one, and that syncmcp has written to the server.</summary>
    public void Keep(IEnumerable<Definition> definitions, string how, string who) => store.Write(session =>
    {
        foreach (var definition in definitions)
            Keep(session, definition, how, who);
        return true;
    });

    /// <summary>Takes an approval back; false where there is none. What is left of it remembers that the thing was approved once, and lets it write no table.</summary>
    public bool Revoke(string kind, string id, string who) => store.Write(session =>
    {
        if (Find(session, kind, id) is not { IsRevoked: false } kept)
            return false;
        var facts = kept.Definition.Facts.DeepClone().AsObject();
        facts.Remove("adopted");
        Keep(session, kept.Definition with { Facts = facts }, Revoked, who, hash: Revoked);
        return true;
    });

    /// <summary>Records what a server holds, once; false where syncmcp has written to it already, or has recorded it before.</summary>
    public bool TryBaseline(IReadOnlyList<Definition> definitions, string who) => store.Write(session =>
    {
        if (session.Fact(origin, "written") is not null || session.Fact(origin, "baselined") is not null)
            return false;
        foreach (var definition in definitions)
            Keep(session, definition, "baseline", who);
        session.Keep(origin, "baselined", store.Now.ToString());
        return true;
    });

    /// <summary>True once syncmcp has changed something there: from then on what it holds may be our own doing.</summary>
    public bool IsWritten => store.Read(session => session.Fact(origin, "written") is not null);

    /// <summary>True once its things were recorded.</summary>
    public bool IsBaselined => store.Read(session => session.Fact(origin, "baselined") is not null);

    /// <summary>Remembers that a change is about to be sent.</summary>
    public void MarkWritten()
    {
        if (!IsWritten)
            store.Write(session => { session.Keep(origin, "written", store.Now.ToString()); return true; });
    }

    private Approval? Find(StateStore.Session session, string kind, string id) => session.Query(
        $"SELECT {Columns} FROM approval WHERE origin = @origin AND kind = @kind AND id = @id", Read, ("@origin", origin), ("@kind", kind), ("@id", id)).FirstOrDefault();

    private void Keep(StateStore.Session session, Definition definition, string how, string who, string? hash = null)
    {
        hash ??= definition.Hash;
        var bound = Bound(definition.Kind, definition.Id, hash, how);
        session.Execute(
            """
            INSERT INTO approval (origin, kind, id, hash, definition, facts, who, how, at)
            VALUES (@origin, @kind, @id, @hash, @definition, @facts, @who, @how, @at)
            ON CONFLICT DO UPDATE SET hash = @hash, definition = @definition, facts = @facts, who = @who, how = @how, at = @at
            """,
            ("@origin", origin), ("@kind", definition.Kind), ("@id", definition.Id), ("@hash", hash),
            ("@definition", store.Sealing.Seal(Canonical.Of(definition.Content), bound)), ("@facts", store.Sealing.Seal(Canonical.Of(definition.Facts), bound)),
            ("@who", who), ("@how", how), ("@at", store.Now));
    }

    // What other hands wrote or changed does not open, and counts as never approved.
    private Approval? Read(Microsoft.Data.Sqlite.SqliteDataReader row)
    {
        var (kind, id, hash, how) = (row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(6));
        var bound = Bound(kind, id, hash, how);
        if (store.Sealing.TryOpen(row.GetString(3), bound) is not { } content || store.Sealing.TryOpen(row.GetString(4), bound) is not { } about)
            return null;
        var facts = JsonNode.Parse(about)!.AsObject();
        var definition = new Definition(kind, id, facts["name"]?.ToString() ?? kind, JsonNode.Parse(content)!.AsObject(), facts);
        return new(definition, hash, how, row.GetString(5), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7)));
    }

    private string Bound(string kind, string id, string hash, string how) => Canonical.Hash(origin, kind, id, hash, how);
}
