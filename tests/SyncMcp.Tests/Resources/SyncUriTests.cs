using CsCheck;
using SyncMcp.Resources;

namespace SyncMcp.Tests.Resources;

public sealed class SyncUriTests
{
    [Fact]
    public void Any_id_survives_the_way_through_an_address() =>
        Gen.Select(Gen.String[Gen.Char['!', '\uD7FF'], 1, 40], Gen.String[Gen.Char['!', '\uD7FF'], 1, 40]).Sample((job, run) =>
            Assert.Equal(["jobs", job, "history", run, "log"], SyncUri.Parse(SyncUri.RunLog(ResourceArea.All[0], job, run))!.Path));

    [Fact]
    public void No_text_makes_parsing_fail() => Gen.String.Sample(text =>
    {
        _ = SyncUri.Parse(text);
        Assert.NotNull(SyncUri.Parse($"sync://{text}"));
    });
}
