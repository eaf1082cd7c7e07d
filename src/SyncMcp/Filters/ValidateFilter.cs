using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Tools;

namespace SyncMcp.Filters;

/// <summary>
/// Checks the arguments against the schema that the tool publishes (the SDK does not), and takes the control arguments out: what goes on is the
/// operation's own members, each of its type.
/// </summary>
internal sealed class ValidateFilter : ICallFilter
{
    public ValueTask<ToolAnswer> InvokeAsync(Call call, CallStep next, CancellationToken ct)
    {
        Check(call);
        return next(call, ct);
    }

    /// <summary>Checks and coerces the arguments of a call in place.</summary>
    /// <exception cref="ToolException">They are wrong; says all that is.</exception>
    public static void Check(Call call)
    {
        var problems = new Problems();
        if (call.Unreadable is { } name)
            problems.Add(name, "has a name given twice, or text that is not Unicode");
        Flatten(call.Arguments, call.Endpoint is { } endpoint ? NameMark.Of(endpoint) : call.Own?.Marks ?? [], problems);
        var isUpdate = typeof(IPatch).IsAssignableFrom(call.Endpoint?.RequestInfo.Type);
        var arguments = new ArgumentCheck(problems, isUpdate).Object(PublishedTool.Of(call.Tool).InputSchema, call.Arguments, "");
        var controls = problems.Any ? new() : TakeControls(arguments, problems);
        if (problems.Any)
            throw new ToolException(problems.ToError(call.Tool));
        call.Controls = controls;
        call.Arguments = arguments;
    }

    // References are published as text, id or name; the object forms of the API are taken too.
    private static void Flatten(JsonObject arguments, IReadOnlyList<NameMark> marks, Problems problems)
    {
        foreach (var mark in marks.Where(mark => mark.IsReference))
        {
            if (ReferenceOf(arguments[mark.Member]) is not { } reference)
                continue;
            foreach (var (name, _) in reference.Where(member => member.Key is not ("id" or "name")))
                problems.AddUnknown($"{mark.Member}.{name}", ["id", "name"], nearest: null);
            arguments[mark.Member] = (reference["id"] ?? reference["name"])?.DeepClone();
        }
    }

    private static JsonObject? ReferenceOf(JsonNode? value)
    {
        if (value is JsonObject reference)
            return reference;
        // Clients write objects as text; a name may begin with a brace too.
        return value?.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is ['{', ..] and { Length: < 1_000 } text
            && ArgumentReader.Parse(text) is JsonObject parsed && (parsed.ContainsKey("id") || parsed.ContainsKey("name"))
            ? parsed
            : null;
    }

    private static Controls TakeControls(JsonObject arguments, Problems problems)
    {
        string? Text(string name) => Take(name) is { } value ? value.GetValue<string>() : null;
        JsonNode? Take(string name) => arguments.Remove(name, out var value) ? value : null;

        var controls = new Controls
        {
            ConfirmationToken = Text("confirmation_token"),
            IdempotencyKey = Text("idempotency_key"),
            Fields = (Take("fields") as JsonArray)?.Select(field => field!.GetValue<string>()).ToList(),
            Limit = (int?)Take("limit")?.GetValue<long>(),
            Cursor = Text("cursor"),
        };
        // It travels in a header.
        if (controls.IdempotencyKey is { } key && (key.Length is 0 or > 200 || key.AsSpan().ContainsAnyExceptInRange('!', '~')))
            problems.Add("idempotency_key", "must be 1 to 200 letters, digits and signs without spaces");
        return controls;
    }
}
