using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Events;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Transformations;
using SyncMcp.Guard;

namespace SyncMcp.Tests.Guard;

/// <summary>What the contract marks as code is never passed over: it stands whole in the question, and where it is no copy by the REPLICATE grammar it is typed for.</summary>
public sealed class CodeMarkTests
{
    private const string Code = "canary(); -- the person must see this line";

    // Thing, path of the member.
    public static TheoryData<string, string> Members =>
    [
        .. Marked(typeof(Job), "").Select(path => ("job", path)),
        .. Marked(typeof(JobTask), "").Select(path => ("job task", path)),
        .. Marked(typeof(Transformation), "").Select(path => ("transformation", path)),
        .. Marked(typeof(TransformationTask), "").Select(path => ("transformation task", path)),
        .. Marked(typeof(PipelineEvent), "").Select(path => ("event", path)),
    ];

    [Theory]
    [MemberData(nameof(Members))]
    public void Code_stands_whole_in_the_question_and_is_typed_for(string kind, string path)
    {
        var thing = Thing(kind, path);
        var text = new QuestionText("Run?");

        thing.Describe(text, new(thing, thing.Definition(), Need.Phrase, false, [], [], null));

        Assert.Contains(Code, text.ToString().Replace("\\u0022", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.NotEmpty(thing.Raises());
        Assert.NotEqual(Thing(kind, null).Definition().Hash, thing.Definition().Hash);
    }

    [Fact]
    public void The_marks_are_seen() => Assert.InRange(Members.Count, 8, 50);

    private static IRunnable Thing(string kind, string? path)
    {
        JsonObject body = new() { ["id"] = "x" }, task = new() { ["id"] = "t" };
        if (path is not null)
            Put(kind.EndsWith("task", StringComparison.Ordinal) ? task : body, path);
        else if (kind == "transformation task")
            task["query"] = "SELECT 1";
        return kind switch
        {
            "job" or "job task" => Jobs.Of(job =>
            {
                foreach (var (name, value) in body.ToList())
                    job[name] = value?.DeepClone();
            }) with
            { Tasks = [task] },
            "event" => new EventState("p", body),
            _ => new TransformationState { Transformation = body, Tasks = kind == "transformation" && path is null ? [] : [task], Destination = Jobs.Of().Destination },
        };
    }

    private static void Put(JsonObject body, string path)
    {
        var names = path.Split('/');
        foreach (var name in names[..^1])
        {
            body[name] = new JsonObject();
            body = body[name]!.AsObject();
        }

        body[names[^1]] = Code;
    }

    private static IEnumerable<string> Marked(Type type, string at)
    {
        foreach (var property in type.GetProperties())
        {
            var name = at + JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            if (property.PropertyType == typeof(string) && property.IsDefined(typeof(CodeAttribute)))
                yield return name;
            else if (property.PropertyType.Assembly == typeof(Endpoint).Assembly && property.PropertyType.IsClass && property.PropertyType != type && !property.IsDefined(typeof(ServerSetAttribute)))
            {
                foreach (var inner in Marked(property.PropertyType, name + "/"))
                    yield return inner;
            }
        }
    }
}
