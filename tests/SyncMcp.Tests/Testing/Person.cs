using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModelContextProtocol.Protocol;

namespace SyncMcp.Tests.Testing;

/// <summary>Who answers the questions that the server asks. Declines until a test says otherwise.</summary>
internal sealed partial class Person
{
    private readonly List<ElicitRequestParams> questions = [];
    private Func<ElicitRequestParams, ElicitResult> answer = static _ => new() { Action = "decline" };

    /// <summary>What was asked, in order.</summary>
    public IReadOnlyList<ElicitRequestParams> Questions
    {
        get
        {
            lock (questions)
                return [.. questions];
        }
    }

    /// <summary>Happens while a question is read.</summary>
    public Action? Reads { get; set; }

    /// <summary>Says no.</summary>
    public void Declines() => answer = static _ => new() { Action = "decline" };

    /// <summary>Closes the question.</summary>
    public void Cancels() => answer = static _ => new() { Action = "cancel" };

    /// <summary>Sends the form with this content, whatever is asked.</summary>
    public void Accepts(JsonObject content) => answer = _ => Accepted(content);

    /// <summary>Does whatever the test needs.</summary>
    public void Answers(Func<ElicitRequestParams, ElicitResult> with) => answer = with;

    /// <summary>Says yes as the form wants it: ticks <c>confirm</c>, types the phrase that the description names.</summary>
    public void Confirms() => answer = static question =>
    {
        var content = new JsonObject();
        foreach (var (name, schema) in question.RequestedSchema?.Properties ?? new Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition>())
            content[name] = schema is ElicitRequestParams.BooleanSchema ? true : JsonValue.Create(Quoted().Match(schema.Description ?? "").Groups["text"].Value);
        return Accepted(content);
    };

    /// <summary>The client's handler.</summary>
    public ValueTask<ElicitResult> AnswerAsync(ElicitRequestParams? question, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        lock (questions)
            questions.Add(question!);
        Reads?.Invoke();
        return ValueTask.FromResult(answer(question!));
    }

    private static ElicitResult Accepted(JsonObject content) => new()
    {
        Action = "accept",
        Content = content.ToDictionary(member => member.Key, member => JsonElement.Parse(member.Value?.ToJsonString() ?? "null"), StringComparer.Ordinal),
    };

    [GeneratedRegex("\"(?<text>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();
}
