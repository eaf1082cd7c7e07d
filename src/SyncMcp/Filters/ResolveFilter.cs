using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Tools;
using SyncMcp.Vault;

namespace SyncMcp.Filters;

/// <summary>Puts ids where names were, and makes the one record that the guard judges and the handler receives.</summary>
internal sealed class ResolveFilter(ServerOptions options, Upstream upstream, SecretReferences secrets, WorkspaceScope? inside = null) : ICallFilter
{
    private readonly NameFinder finder = new(upstream, options.Workspace, inside);

    public async ValueTask<ToolAnswer> InvokeAsync(Call call, CallStep next, CancellationToken ct)
    {
        if (call.Endpoint is { } endpoint)
        {
            await ResolveAsync(call, NameMark.Of(endpoint), endpoint.PathMembers, ct);
            call.Request = Read(endpoint.Read, call.Arguments);
            call.Arguments = endpoint.Write(call.Request);
            await secrets.CheckAsync(call, ct);
            call.Page = Page.Of(call);
            await AskForPageAsync(call, endpoint, ct);
            call.Send = call.Send with { IdempotencyKey = call.Controls.IdempotencyKey };
        }
        else if (call.Own is { } own)
        {
            await ResolveAsync(call, own.Marks, [], ct);
            call.Request = Read(own.Parse, call.Arguments); // references to secrets: each of its operations passes here and is checked then
            call.Page = Page.Of(call);
        }

        return await next(call, ct);
    }

    private async Task ResolveAsync(Call call, IReadOnlyList<NameMark> marks, IReadOnlyList<string> path, CancellationToken ct)
    {
        var scope = new NameScope(finder, call.Arguments);
        foreach (var mark in marks)
        {
            var holder = mark.Inside is { } inside ? call.Arguments[inside] as JsonObject : call.Arguments;
            if (mark is { Kind: "workspace", Required: false } && call.Own is null) // to an own tool none means all
                call.Arguments[mark.Member] ??= options.Workspace;
            if (holder?[mark.Member] is not { } value)
                continue; // absent stays absent, null clears
            var isPath = mark.Inside is null && path.Contains(mark.Member);
            holder[mark.Member] = await WithIdsAsync(value, mark, text => scope.IdAsync(mark, text, isPath, ct));
        }
    }

    private static async Task<JsonNode?> WithIdsAsync(JsonNode value, NameMark mark, Func<string, Task<string>> id)
    {
        if (value is JsonArray list)
        {
            var ids = new JsonArray();
            foreach (var item in list)
                ids.Add(item is null ? null : await WithIdsAsync(item, mark, id));
            return ids;
        }

        var text = value is JsonObject reference ? TextOf(reference["id"]) ?? TextOf(reference["name"]) : TextOf(value);
        if (text is null)
            return value.DeepClone();
        var found = await id(text);
        return mark.IsReference ? new JsonObject { ["id"] = found } : JsonValue.Create(found);
    }

    private async Task AskForPageAsync(Call call, Endpoint endpoint, CancellationToken ct)
    {
        if (call.Request is not IPaged || !(await upstream.CapabilitiesAsync(ct)).HasFlag(ServerCapabilities.Paging))
            return;
        var asked = call.Arguments.DeepClone().AsObject();
        asked["limit"] = call.Page.Limit;
        asked["offset"] = call.Page.Offset;
        call.Request = Read(endpoint.Read, asked);
    }

    private static object Read(Func<JsonObject, object> read, JsonObject arguments)
    {
        try
        {
            return read(arguments);
        }
        catch (JsonException ex)
        {
            // Validation lets nothing of the wrong shape through to here; what it cannot know (a text that is no date) ends here.
            throw new ToolException(new("invalid_arguments", $"An argument cannot be read: {ex.Path ?? "$"}.", "Correct it by the tool's schema.",
                Details: ex.Path is null ? null : new() { ["path"] = ex.Path }));
        }
    }

    private static string? TextOf(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>() is { Length: > 0 } text ? text : null,
        JsonValueKind.Number => value.ToJsonString(),
        _ => null,
    };
}
