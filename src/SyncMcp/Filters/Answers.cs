using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace SyncMcp.Filters;

/// <summary>Makes the result of an answer: structured content and text, each complete, because clients show the model only one of them.</summary>
internal static class Answers
{
    // Made by the guard; nobody else's words are in them.
    private static readonly string[] Ours = ["/details/approval_code", "/details/command", "/details/confirmation_token"];

    /// <summary>An outcome as data.</summary>
    public static string Word(Outcome outcome) => outcome switch
    {
        Outcome.Executed => "executed",
        Outcome.NotExecuted => "not_executed",
        _ => "unknown",
    };

    /// <summary>The tool's result.</summary>
    public static CallToolResult Result(Call call, ToolAnswer answer)
    {
        var content = answer.Error is { } error ? Content(error, answer.Outcome) : answer.Body ?? [];
        Redaction.Redactor.Mask(content, call.Given);
        var json = Budget.Write(content);
        var blocks = new List<ContentBlock> { new TextContentBlock { Text = Redaction.Redactor.Mask(Heading(answer), call.Given) + Encoding.UTF8.GetString(json.WrittenSpan) } };
        blocks.AddRange(answer.Links.Select(link => new ResourceLinkBlock { Uri = link.Uri, Name = link.Name, MimeType = Resources.SyncUri.MimeType(link.Uri) }));
        return new()
        {
            Content = blocks,
            StructuredContent = JsonElement.Parse(json.WrittenSpan),
            IsError = answer.Error is not null,
        };
    }

    /// <summary>An error as data.</summary>
    public static JsonObject Content(ToolError error, Outcome? outcome)
    {
        var content = new JsonObject
        {
            // An unknown outcome outweighs every other code: the reader must not simply repeat.
            ["outcome"] = Word(outcome ?? Outcome.NotExecuted),
            ["code"] = outcome == Outcome.Unknown ? "outcome_unknown" : error.Code,
            ["message"] = Text.Clean(error.Message),
            ["next"] = Text.Clean(error.Next),
            ["retryable"] = error.Retryable && outcome != Outcome.Unknown,
        };
        if (error.Details is { Count: > 0 } details)
        {
            content["details"] = details.DeepClone();
            // What is wrong with arguments is said in our words and the caller's own; all other details may be somebody else's.
            if (Untrusted.Mark(content, "details") is { } untrusted && error.Code != "invalid_arguments"
                && untrusted.Select(pointer => pointer!.ToString()).Where(pointer => !Ours.Contains(pointer)).ToList() is { Count: > 0 } others)
            {
                content["untrusted"] = Text.Array(others);
            }
        }

        return content;
    }

    private static string Heading(ToolAnswer answer) => (answer.Error, answer.Outcome) switch
    {
        (_, Outcome.Unknown) => "OUTCOME UNKNOWN\n",
        ({ } error, Outcome.Executed) => $"EXECUTED, BUT: {Text.Clean(error.Message)}\n",
        ({ } error, _) => $"NOT EXECUTED: {Text.Clean(error.Message)}\n",
        (_, Outcome.Executed) => "EXECUTED\n",
        _ => "",
    };
}
