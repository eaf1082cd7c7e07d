using SyncMcp.Guard;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>Approvals: one a thing, bound to the server, seen by every program at once.</summary>
public sealed class ApprovalTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_new_approval_ends_the_older_and_both_programs_see_it()
    {
        var (one, other) = (Open("here"), Open("here"));
        var (first, second) = (Jobs.Of().Definition(), Jobs.Of(tasks: ["people"]).Definition(["people"]));

        one.Keep([first], "chat", "stdio");
        Assert.Equal(first.Hash, other.Find("job", "j")!.Hash);
        other.Keep([second], "terminal", "operator");

        var found = one.Find("job", "j")!;
        Assert.Equal((second.Hash, second.Hash, "terminal", "operator"), (found.Hash, found.Definition.Hash, found.How, found.Who));
        Assert.Equal(["people"], found.Definition.Adopted);
        Assert.Single(one.All());
    }

    [Fact]
    public void What_was_approved_for_one_server_counts_for_no_other()
    {
        Open("here").Keep([Jobs.Of().Definition()], "chat", "stdio");

        Assert.Null(Open("there").Find("job", "j"));
        Assert.Empty(Open("there").All());
    }

    [Fact]
    public void A_baseline_is_taken_once_and_never_after_a_write()
    {
        Assert.True(Open("here").TryBaseline([Jobs.Of().Definition()], "operator"));
        Assert.False(Open("here").TryBaseline([Jobs.Of(tasks: ["people"]).Definition()], "operator"));
        Assert.Equal(Jobs.Of().Definition().Hash, Open("here").Find("job", "j")!.Hash);

        Open("there").MarkWritten();
        Assert.False(Open("there").TryBaseline([Jobs.Of().Definition()], "operator"));
        Assert.Null(Open("there").Find("job", "j"));
    }

    [Fact]
    public void Keys_are_made_once_whoever_comes_first()
    {
        var keys = Enumerable.Range(0, 8).AsParallel().Select(_ => Convert.ToHexString(new OperatorPlace(folder["operator"]).Key("a.key"))).Distinct();
        Assert.Single(keys);
    }

    private Approvals Open(string origin) => new(new(new(folder["operator"]), TimeProvider.System), origin);
}
