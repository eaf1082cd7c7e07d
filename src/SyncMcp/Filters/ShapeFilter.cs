using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Redaction;

namespace SyncMcp.Filters;

/// <summary>Makes the structured content out of what the server answered: selected, paged, cut to the budget, others' text marked.</summary>
internal sealed class ShapeFilter : ICallFilter
{
    // What stands around a thing or items is said by us.
    private static readonly string[] Ours = ["outcome", "replayed", "total", "next_cursor", "cut", "next", "unknown_fields"];

    public async ValueTask<ToolAnswer> InvokeAsync(Call call, CallStep next, CancellationToken ct)
    {
        var answer = await next(call, ct);
        return answer is { Error: null, Body: { } body } && call.Own is not { IsShaped: true }
            ? answer with { Body = Shape(call, answer, body) }
            : answer;
    }

    private static JsonObject Shape(Call call, ToolAnswer answer, JsonObject body)
    {
        var content = new JsonObject();
        if (answer.Outcome is { } outcome)
            content["outcome"] = Answers.Word(outcome);
        if (answer.Replayed)
            content["replayed"] = true;
        if (call.Endpoint?.IsList ?? call.Own?.IsList == true)
            AddItems(content, call, call.Endpoint, answer, body);
        else
            AddResult(content, call, call.Endpoint, body);
        if (Untrusted.Mark(content, [.. content.Select(member => member.Key).Except(Ours)]) is { } untrusted)
            content["untrusted"] = untrusted;
        return content;
    }

    private static void AddItems(JsonObject content, Call call, Endpoint? endpoint, ToolAnswer answer, JsonObject body)
    {
        var all = (body["value"] as JsonArray)?.OfType<JsonObject>().ToList() ?? [];
        var page = call.Page;
        var skipped = answer.PagedByServer ? page.Offset : 0;
        var total = answer.PagedByServer ? Number(body["total"]) : all.Count;
        var items = all.Skip(page.Offset - skipped).Take(page.Limit).Select(item => endpoint is null ? item.DeepClone().AsObject() : Summary.OfItem(endpoint, item, call.Controls.Fields)).ToList();

        var count = Budget.Fitting(items);
        var shown = items.Take(count).ToList();
        if (shown.Count == 1 && Budget.IsOver(shown[0]))
            Redactor.Mask(shown[0]);
        var cuts = shown.Count == 1 ? Budget.FitThing(shown[0], "/items/0") : [];
        var end = page.Offset + shown.Count;
        var more = total is { } known ? end < known : items.Count > count || all.Count >= page.Limit;

        content["items"] = new JsonArray([.. shown]);
        if (total is not null)
            content["total"] = total;
        content["next_cursor"] = more ? Page.Cursor(call, end) : null;
        AddCuts(content, cuts, null);
        if (endpoint is not null)
            AddUnknownFields(content, Summary.Unknown(endpoint, all, call.Controls.Fields));
        else
            AddBeside(content, body);
    }

    // What a tool that spans operations says of the whole list.
    private static void AddBeside(JsonObject content, JsonObject body)
    {
        foreach (var (name, value) in body.Where(member => member.Key is not ("value" or "total")))
            content[name] = value?.DeepClone();
    }

    private static void AddResult(JsonObject content, Call call, Endpoint? endpoint, JsonObject body)
    {
        // What was read for this call alone is not copied; a changed thing's answer may be kept for its key.
        var thing = call.Controls.Fields is null && body.Parent is null && call.Kind.IsReadOnly() ? body : Summary.OfThing(body, call.Controls.Fields);
        // A deletion answers nothing: say what is gone.
        if (endpoint?.Kind == Kind.Delete && thing.Count == 0 && call.Arguments[endpoint.PathMembers[^1]] is { } id)
            thing["id"] = id.DeepClone();

        var page = call.Page;
        // A secret that a cut or a cursor divides would be known by its form no more.
        if (page.Member is not null || Budget.IsOver(thing))
            Redactor.Mask(thing);
        if (page.Member is { } member)
        {
            thing = Summary.OfThing(thing, [member.Split('/')[1].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)]);
            Budget.Slice(thing, member, page.Offset);
        }

        var log = endpoint?.ResponseInfo.Type == typeof(RunLog);
        if (log)
        {
            KeyBlocks.Mask(thing["lines"] as JsonArray);
            LogLines.Tidy(thing);
        }

        var cuts = Budget.FitThing(thing, "/result", keepEnd: log && call.Arguments["after"] is null);
        content["result"] = thing;
        if (log)
        {
            AddLogCut(content, thing, cuts);
        }
        else
        {
            var goOn = cuts.Count > 0 && call.Kind.IsReadOnly()
                ? Page.Cursor(call, cuts[0].Shown + (page.Member == cuts[0].Member ? page.Offset : 0), cuts[0].Member)
                : null;
            AddCuts(content, cuts, goOn);
            if (page.Member is not null && goOn is null)
                content["next_cursor"] = null;
        }

        if (endpoint is not null)
            AddUnknownFields(content, Summary.Unknown(endpoint, [body], call.Controls.Fields));
    }

    // A log has its own way on: lines have numbers.
    private static void AddLogCut(JsonObject content, JsonObject log, IReadOnlyList<Cut> cuts)
    {
        if (cuts.Count == 0 || log["lines"] is not JsonArray { Count: > 0 } lines)
            return;
        log["last"] = (lines[^1]?["last_line"] ?? lines[^1]?["line"])?.DeepClone() ?? log["last"]?.DeepClone();
        content["cut"] = new JsonArray(new JsonObject { ["at"] = "/result/lines", ["shown"] = lines.Count, ["of"] = cuts[0].Of });
        content["next"] = $"Lines after the last shown: after={log["last"]}. Earlier ones: a smaller after, or grep.";
    }

    private static void AddCuts(JsonObject content, IReadOnlyList<Cut> cuts, string? cursor)
    {
        if (cuts.Count == 0)
            return;
        content["cut"] = new JsonArray([.. cuts.Select(cut => (JsonNode)new JsonObject { ["at"] = cut.At, ["shown"] = cut.Shown, ["of"] = cut.Of })]);
        if (cursor is not null)
        {
            content["next_cursor"] = cursor;
            content["next"] = "cursor goes on with the first member that cut names.";
        }
        else
        {
            content["next"] = "Read the thing itself (its get tool) for what was cut.";
        }
    }

    private static void AddUnknownFields(JsonObject content, IReadOnlyList<string> unknown)
    {
        if (unknown.Count > 0)
            content["unknown_fields"] = Text.Array(unknown.Take(10).Select(field => Text.Cut(Text.Clean(field), 60)));
    }

    private static long? Number(JsonNode? node) => node?.GetValueKind() == JsonValueKind.Number ? node.GetValue<long>() : null;
}
