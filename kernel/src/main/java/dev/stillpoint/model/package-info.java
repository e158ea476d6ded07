/// Implicit models: the equation of the state and the prediction made from it.
package dev.stillpoint.model;
