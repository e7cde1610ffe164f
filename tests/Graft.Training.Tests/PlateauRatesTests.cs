using Graft.Nn;

namespace Graft.Training.Tests;

public class PlateauRatesTests
{
    [Fact]
    public void The_rate_falls_when_epochs_stop_getting_better_and_a_resume_knows_of_it()
    {
        using var blobs = new Blobs();
        var schedule = new PlateauSchedule { Patience = 1, Factor = 0.5 };
        Queue<double> measures = new([1, 0.9, 0.95, 0.95, 0.95, 0.8]);
        var callback = new PlateauRates(schedule, _ => measures.Dequeue());
        List<double> rates = [];
        var trainer = new Trainer(callback);
        trainer.On(TrainingEvent.EpochTrained, at => rates.Add(at.Iteration.LearningRate));
        using var phase = new TrainingPhase
        {
            Name = "all",
            Epochs = 6,
            Model = blobs,
            Source = blobs.Source(16, seed: 5),
            Validation = blobs.Source(6, seed: 1),
            Optimizer = new AdamW(blobs.Store.Trainable, 0.1),
            RateSchedule = schedule,
        };
        trainer.Run(phase, TestContext.Current.CancellationToken);
        Assert.Equal([0.1, 0.1, 0.1, 0.1, 0.05, 0.05], rates.Select(rate => Math.Round(rate, 12)));

        var written = new StateWriter();
        written.Write(callback);
        var other = new PlateauSchedule();
        new StateReader(written).Read(new PlateauRates(other));
        Assert.Equal(schedule.State, other.State);
    }
}
