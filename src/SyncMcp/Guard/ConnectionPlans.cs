using System.Data.Common;
using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>What calls on connections need: a first contact asks, a new endpoint needs its secrets anew, and what armed jobs use changes them too.</summary>
internal sealed class ConnectionPlans(Snapshots snapshots, Changes changes, Endpoints endpoints, Egress egress, bool embedded)
{
    /// <summary>Making one is free where it leads to a place that the operator lets connections lead to.</summary>
    public Task<Plan> CreateAsync(Call call, CancellationToken ct)
    {
        egress.Require(call.Arguments, toWrite: null);
        return Task.FromResult(new Plan());
    }

    /// <summary>Testing, and listing tables and columns: the server opens the connection.</summary>
    public async Task<Plan> ContactAsync(Call call, CancellationToken ct)
    {
        var seen = await SeenAsync(call, ct);
        egress.Require(seen.Body, toWrite: null);
        if (endpoints.IsKnown(seen.Body) || endpoints.IsOutOfReach(seen.Body))
            return new() { Snapshot = Snapshot(seen) };
        var contact = Endpoints.Contact(seen.Body);
        var question = new QuestionText("Contact this place for the first time? Its credentials, if it has any, are sent there.")
            .Thing("Connection", seen.Name, seen.Id)
            .Fact("Place", Endpoints.Describe(seen.Body));
        return new()
        {
            Need = Need.Confirm,
            Question = question.ToString(),
            State = contact.Hash,
            Judged = [new(null, contact, Need.Confirm, false, [], [], null)],
            Snapshot = Snapshot(seen),
        };
    }

    public async Task<Plan> UpdateAsync(Call call, CancellationToken ct)
    {
        var seen = await SeenAsync(call, ct);
        var patch = call.Arguments.DeepClone().AsObject();
        patch.Remove("connection_id");
        SpellAsStored(seen.Body, patch);
        var after = MergePatch.Apply(seen.Body, patch);
        if (patch["connection_string"] is not null)
            after["properties"] = new JsonObject(); // replaced by what we cannot read
        egress.Require(after, toWrite: null);
        RequireSecrets(seen.Body, after, patch);
        var plan = new Plan { ETag = seen.ETag, Snapshot = Snapshot(seen) };
        if (JobState.EndpointOf(after)["hash"]!.ToString() == JobState.EndpointOf(seen.Body)["hash"]!.ToString() && !SecretsIn(patch).Any())
            return plan;

        var question = new QuestionText("Change this connection, which things use that run by themselves?")
            .Thing("Connection", seen.Name, seen.Id)
            .Change("Place", Endpoints.Describe(seen.Body), Endpoints.Describe(after));
        var differences = Differences.Between(DefinitionMembers.OfConnection(seen.Body), DefinitionMembers.OfConnection(after));
        ChangeLines.Add(question, differences.Select(change => change with { Path = ["connection", .. change.Path] }), static _ => null);
        var judgements = await ArmedAsync(seen, after, ct);
        if (judgements.Count == 0)
            return plan;
        foreach (var judged in judgements)
        {
            var thing = judged.Thing!;
            question.Thing(thing is JobState ? "Job" : "Transformation", thing.Name, thing.Id).Fact("Schedule", thing.Schedule);
            foreach (var reason in judged.Reasons)
                question.Say(reason);
        }

        var need = judgements.Max(judged => judged.Need);
        return plan with
        {
            Need = need,
            Question = need == Need.Nothing ? "" : question.ToString(),
            Phrase = need == Need.Phrase ? QuestionText.Phrase("change", seen.Name, seen.Id) : null,
            State = Canonical.Hash([Canonical.Of(DefinitionMembers.OfConnection(after)), .. judgements.Select(judged => judged.State)]),
            Judged = judgements,
            Changes = [.. judgements.Select(judged => judged.Thing!)],
        };
    }

    public async Task<Plan> DeleteAsync(Call call, CancellationToken ct) =>
        await WholeAsync("delete", "DELETE this connection? Its stored credentials go with it.", call, ct);

    public async Task<Plan> ResetAsync(Call call, CancellationToken ct) =>
        await WholeAsync("reset", "FORGET the stored credentials of this connection? What uses it fails until they are set again.", call, ct);

    private async Task<Plan> WholeAsync(string verb, string headline, Call call, CancellationToken ct)
    {
        var seen = await SeenAsync(call, ct);
        var users = await new Graph(snapshots).UsersAsync(seen, ct);
        if (embedded && verb == "delete" && users.Count > 0)
        {
            throw Arguments.InUse("Connection", seen.Name, "Delete what is in details.used_by or give it another connection first.", users);
        }

        var question = new QuestionText(headline)
            .Thing("Connection", seen.Name, seen.Id)
            .Fact("Place", Endpoints.Describe(seen.Body))
            .Names("Jobs that use it", users.OfType<JobState>().Select(job => job.Name))
            .Names("Transformations that use it", users.OfType<TransformationState>().Select(one => one.Name));
        return new()
        {
            Need = Need.Phrase,
            Phrase = QuestionText.Phrase(verb, seen.Name, seen.Id),
            Question = question.ToString(),
            State = Canonical.Hash([verb, seen.Id, seen.Name, Endpoints.Contact(seen.Body).Hash, .. users.Select(user => user.Id)]),
            ETag = seen.ETag,
            Snapshot = Snapshot(seen),
        };
    }

    // A merge would send the stored secrets to the new place.
    private void RequireSecrets(JsonObject before, JsonObject after, JsonObject patch)
    {
        if (!EndpointChanges(before, after, patch))
            return;
        // A server may lay the string over what it holds, so it counts as much as the properties do.
        var given = patch["connection_string"] is { } text ? Parsed(text.ToString()) : patch["properties"] as JsonObject ?? [];
        var stored = (before["properties"] as JsonObject ?? [])
            .Where(property => property.Value is not null && DefinitionMembers.IsSecret(before, property.Key))
            .Select(property => property.Key)
            .ToList();
        var missing = stored.Where(name => !given.Any(member => member.Key.Equals(name, StringComparison.OrdinalIgnoreCase) && IsAnew(member.Value))).ToList();
        // A server may leave secrets out of what it shows (sync-api-v2 3.4): that it shows none does not mean that it holds none.
        if (stored.Count == 0 && !embedded && !given.Any(member => DefinitionMembers.IsSecret(before, member.Key) && IsAnew(member.Value)))
            missing = [.. (KnownConnectors.Properties(before["connector"]?.ToString()) ?? []).Where(property => property.Role == PropertyRole.Secret).Select(property => property.Name).DefaultIfEmpty("Password")];
        if (missing.Count > 0)
        {
            throw new ToolException(new("secrets_needed", "The connection would lead to another place, and its stored secrets would be sent there.",
                "Send the members in details.missing anew with this call, as ${secret:NAME}; neither the mask ******** nor nothing is anew. A place that takes no secret gets a connection of its own.",
                Details: new() { ["missing"] = Text.Array(missing) }));
        }
    }

    // That null clears a member is how the contract reads; a server that passes it over would keep what it holds. Ours clears it.
    private bool IsAnew(JsonNode? value) => value is null ? embedded : value.ToString() is { Length: > 0 } text && text != Secrets.Mask;

    private static JsonObject Parsed(string text)
    {
        try
        {
            var parsed = new DbConnectionStringBuilder { ConnectionString = text };
            return new(parsed.Keys.Cast<string>().Select(name => KeyValuePair.Create(name, (JsonNode?)parsed[name].ToString())));
        }
        catch (ArgumentException)
        {
            return []; // what we cannot read brings nothing
        }
    }

    // Property names count without case: "data source" takes the place of "Data Source", and must not stand beside it.
    private static void SpellAsStored(JsonObject stored, JsonObject patch)
    {
        if (patch["properties"] is not JsonObject given || stored["properties"] is not JsonObject known)
            return;
        foreach (var (name, value) in given.ToList())
        {
            if (known.Select(member => member.Key).FirstOrDefault(spelled => spelled.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } spelled || spelled == name)
                continue;
            given.Remove(name);
            given[spelled] = value?.DeepClone();
        }
    }

    private static bool EndpointChanges(JsonObject before, JsonObject after, JsonObject patch)
    {
        var connector = before["connector"]?.ToString();
        return patch["connection_string"] is not null
            || Differences.Between(before["properties"], after["properties"]).Any(change => KnownConnectors.Role(connector, change.At.TrimStart('/')) == PropertyRole.Endpoint);
    }

    private static IEnumerable<string> SecretsIn(JsonObject patch) =>
        (patch["properties"] as JsonObject ?? []).Where(member => Secrets.IsSecretName(member.Key) && member.Value?.ToString() != Secrets.Mask).Select(member => member.Key);

    private async Task<IReadOnlyList<Judgement>> ArmedAsync(Snapshots.Seen seen, JsonObject after, CancellationToken ct)
    {
        var graph = new Graph(snapshots);
        var armed = new List<IRunnable>();
        foreach (var user in await graph.UsersAsync(seen, ct))
        {
            if (!await graph.IsArmedAsync(user, ct))
                continue;
            armed.Add(await snapshots.AgainAsync(user, ct) switch
            {
                JobState job => job with
                {
                    Source = job.Source["id"]?.ToString() == seen.Id ? after : job.Source,
                    Destination = job.Destination["id"]?.ToString() == seen.Id ? after : job.Destination,
                },
                TransformationState one => one with { Destination = after },
                var other => other,
            });
        }

        return await changes.JudgeAsync(armed, ct);
    }

    private Task<Snapshots.Seen> SeenAsync(Call call, CancellationToken ct) => snapshots.ConnectionAsync(call.Arguments["connection_id"]?.ToString() ?? "", ct);

    private static JsonObject Snapshot(Snapshots.Seen seen) =>
        new() { ["kind"] = "connection", ["id"] = seen.Id, ["name"] = seen.Name, ["place"] = Endpoints.Describe(seen.Body) };
}
