using System.Text.Json.Nodes;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>Whatever touches users, roles or tokens says who may do what from then on: a person types the phrase each time.</summary>
internal sealed class UserPlans(Snapshots snapshots)
{
    public static Task<Plan> CreateAsync(Call call, CancellationToken ct)
    {
        var name = call.Arguments["user"]?.ToString() ?? "";
        var question = new QuestionText("CREATE this user?").Fact("User", name).Fact("Mail address", QuestionText.Value(call.Arguments["email_address"]))
            .Names("Roles", Roles(call.Arguments["roles"]));
        if (Roles(call.Arguments["roles"]).Count == 0)
            question.Say("The user has no role yet.");
        return Task.FromResult(new Plan
        {
            Need = Need.Phrase,
            Phrase = QuestionText.Phrase("create", name, ""),
            Question = question.ToString(),
            State = Canonical.Hash(name),
            Snapshot = new() { ["kind"] = "user", ["name"] = name },
        });
    }

    public async Task<Plan> UpdateAsync(Call call, CancellationToken ct)
    {
        var seen = await SeenAsync(call, ct);
        var question = Question("CHANGE this user?", seen);
        foreach (var (member, value) in call.Arguments)
        {
            if (member is "roles")
                question.Change("Roles", string.Join(", ", Roles(seen.Body["roles"])), string.Join(", ", Roles(value)));
            else if (member is not ("user_id" or "password"))
                question.Change(member, QuestionText.Value(seen.Body[member]), QuestionText.Value(value));
        }

        if (call.Arguments.ContainsKey("password"))
            question.Say("The password becomes another.");
        if (QuestionText.Value(call.Arguments["is_active"]) == "false")
            question.Say("The user is locked out, and the token ends for good.");
        return PlanOf(seen, "change", question);
    }

    public async Task<Plan> DeleteAsync(Call call, CancellationToken ct)
    {
        var seen = await SeenAsync(call, ct);
        return PlanOf(seen, "delete", Question("DELETE this user?", seen).Say("The token ends with it."));
    }

    public async Task<Plan> GenerateTokenAsync(Call call, CancellationToken ct)
    {
        const string where = "Whoever can read the file of the new token acts as this user. The file is for you alone, in the operator's folder.";
        if (call.Arguments["user_id"] is null)
        {
            var own = new QuestionText("MAKE A NEW API TOKEN for the account that this program uses?").Say(where);
            return new() { Need = Need.Phrase, Phrase = "make token", Question = own.ToString(), State = Canonical.Hash("own"), Snapshot = new() { ["kind"] = "user" } };
        }

        var seen = await SeenAsync(call, ct);
        var question = Question("MAKE A NEW API TOKEN for this user?", seen).Say(where);
        if (seen.Body["token"] is not null)
            question.Say("The token that the user has now ends.");
        return PlanOf(seen, "make token", question);
    }

    private Task<Snapshots.Seen> SeenAsync(Call call, CancellationToken ct) => snapshots.UserAsync(call.Arguments["user_id"]?.ToString() ?? "", ct);

    private static QuestionText Question(string headline, Snapshots.Seen seen) =>
        new QuestionText(headline).Thing("User", Name(seen), seen.Id).Names("Roles now", Roles(seen.Body["roles"]));

    private static Plan PlanOf(Snapshots.Seen seen, string verb, QuestionText question)
    {
        string[] counted = ["user", "email_address", "is_active", "token_expires_at"];
        return new()
        {
            Need = Need.Phrase,
            Phrase = QuestionText.Phrase(verb, Name(seen), seen.Id),
            Question = question.ToString(),
            State = Canonical.Hash([seen.Id, string.Join(',', Roles(seen.Body["roles"])), .. counted.Select(member => QuestionText.Value(seen.Body[member]) ?? "")]),
            ETag = seen.ETag,
            Snapshot = new() { ["kind"] = "user", ["id"] = seen.Id, ["name"] = Name(seen) },
        };
    }

    private static string Name(Snapshots.Seen seen) => seen.Body["user"]?.ToString() ?? seen.Id;

    private static List<string> Roles(JsonNode? roles) =>
    [
        .. ((roles as JsonArray) ?? []).Select(role => (role is JsonObject reference ? reference["id"] ?? reference["name"] : role)?.ToString() ?? ""),
    ];
}
